/** Debian packages: asks for those that are missing only, as root or with password-less sudo; otherwise says the exact command. */
import { readdirSync } from 'node:fs';
import process from 'node:process';
import { output, runCommand } from './command.mjs';
import { SetUpFailure } from './failure.mjs';

const PATIENT = ['-o', 'DPkg::Lock::Timeout=600'];
const HASTY = [
  '-o',
  'DPkg::Lock::Timeout=30',
  '-o',
  'Acquire::Retries=0',
  '-o',
  'Acquire::http::Timeout=15',
  '-o',
  'Acquire::https::Timeout=15',
];

/** Those of `packages` that dpkg does not have installed; all of them where there is no dpkg. @param {string[]} packages */
export async function missingPackages(packages) {
  if (packages.length === 0) return [];
  // It exits 1 when it does not know one of them, and prints the others all the same.
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is dpkg's format, not JavaScript's
  const { stdout } = await output('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\\n', ...packages]);
  const installed = new Set(stdout.split('\n').filter((line) => line.endsWith(' installed')));
  return packages.filter((name) => !installed.has(`${name} installed`));
}

/** @param {string[]} packages @param {string} [sudo] */
export function aptCommand(packages, sudo = '') {
  return `${sudo}apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

/**
 * @param {string[]} packages missing ones
 * @param {string} purpose what they are for, in words
 * @param {(text: string) => void} progress
 * @param {{ patient?: boolean }} [how] `patient: false`: gives up soon where there is no network, or another one installs
 */
export async function installPackages(packages, purpose, progress, { patient = true } = {}) {
  const prefix = await privilege();
  const byHand = [`sudo apt-get update && ${aptCommand(packages, 'sudo ')}`];
  if (prefix === undefined)
    throw new SetUpFailure(
      `Debian packages for ${purpose} are missing`,
      `${packages.join(' ')}\n(not root, and sudo asks for a password)`,
      byHand,
    );
  if ((await output('apt-get', ['--version'])).code !== 0)
    throw new SetUpFailure(`packages for ${purpose} are missing`, `this system has no apt-get. Debian's names: ${packages.join(' ')}`, [
      'install the like of them with your own package manager, then start again',
    ]);
  const options = patient ? PATIENT : HASTY;
  const install = () => apt(prefix, [...options, 'install', '-y', '--no-install-recommends', ...packages], 'apt-install', progress);
  const listed = hasPackageLists();
  if (!listed) await apt(prefix, [...options, 'update'], 'apt-update', progress);
  let result = await install();
  // An old list names versions that are gone: fetch it once and try again.
  if (!result.ok && listed) {
    await apt(prefix, [...options, 'update'], 'apt-update', progress);
    result = await install();
  }
  if (!result.ok) throw new SetUpFailure(`apt-get install (${purpose})`, `${result.tail}\n(all of it: ${result.log})`, byHand);
}

/** @param {string[]} prefix @param {string[]} args @param {string} name @param {(text: string) => void} progress */
function apt(prefix, args, name, progress) {
  const [command = '', ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
  return runCommand(command, rest, { name, onLine: (line) => progress(line) });
}

/** What to put before a command that must be root's, or undefined where we cannot. @returns {Promise<string[] | undefined>} */
async function privilege() {
  if (process.getuid?.() === 0) return [];
  return (await output('sudo', ['-n', 'true'])).code === 0 ? ['sudo', '-n'] : undefined;
}

function hasPackageLists() {
  try {
    return readdirSync('/var/lib/apt/lists').some((name) => /_(Packages|InRelease)/.test(name));
  } catch {
    return false;
  }
}
