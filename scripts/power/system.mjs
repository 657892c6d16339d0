/**
 * The guest of `npm run test:power`: Debian's cloud kernel with the few drivers that QEMU's devices want, this machine's Node with its
 * libraries, BusyBox. Everything comes from Debian's packages; nothing of the kernel is installed on this machine. Made in the machine
 * cache, outside the checkout.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { gzipSync } from 'node:zlib';
import { installPackages, missingPackages } from '../setup/apt.mjs';
import { output, runCommand } from '../setup/command.mjs';
import { SetUpFailure } from '../setup/failure.mjs';
import { nodeBinary } from '../setup/node.mjs';
import { machineCache, root } from '../setup/paths.mjs';
import { cpio } from './cpio.mjs';

const PACKAGES = ['qemu-system-x86', 'busybox-static', 'e2fsprogs'];
const KERNEL = 'linux-image-cloud-amd64';
/** In the order of their dependencies. */
const MODULES = [
  'drivers/virtio/virtio_ring.ko',
  'drivers/virtio/virtio.ko',
  'drivers/virtio/virtio_pci_legacy_dev.ko',
  'drivers/virtio/virtio_pci_modern_dev.ko',
  'drivers/virtio/virtio_pci.ko',
  'drivers/block/virtio_blk.ko',
  'net/core/failover.ko',
  'drivers/net/net_failover.ko',
  'drivers/net/virtio_net.ko',
];
const SYSTEM_MB = 200;
/** Raised when what is made here changes. */
const VERSION = 1;

/** @param {NodeJS.ProcessEnv} env */
export function systemFolder(env) {
  return join(machineCache(env), `power-guest-${VERSION}-${basename(dirname(dirname(realpathSync(nodeBinary()))))}-${nodeVersion()}`);
}

function nodeVersion() {
  const { version } = JSON.parse(readFileSync(join(dirname(nodeBinary()), '../package.json'), 'utf8'));
  return version;
}

/** @type {import('../setup/steps.mjs').Step} */
export const systemStep = {
  name: 'guest system for power cuts',
  async needed() {
    const missing = await missingPackages(PACKAGES);
    if (missing.length > 0) return `${missing.join(' ')} missing`;
    return existsSync(systemFolder(process.env)) ? undefined : 'kernel and system image are made once a machine';
  },
  async work(progress) {
    const missing = await missingPackages(PACKAGES);
    if (missing.length > 0) await installPackages(missing, 'QEMU', progress);
    const folder = systemFolder(process.env);
    if (existsSync(folder)) return 'packages installed';
    const work = `${folder}.${process.pid}.tmp`;
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work, { recursive: true });
    try {
      progress('downloading kernel packages');
      const version = await unpackDebian(work, progress);
      progress('packing the first file system');
      packInitrd(work, version);
      progress('packing the system disk');
      await packSystem(work);
      for (const name of readdirSync(work)) if (!KEPT.includes(name)) rmSync(join(work, name), { recursive: true, force: true });
      renameSync(work, folder);
    } catch (error) {
      rmSync(work, { recursive: true, force: true });
      throw error;
    }
    return `made in ${folder}`;
  },
};

const KEPT = ['vmlinuz', 'initrd.gz', 'system.img'];

/** Downloads by apt and unpacks without installing. @param {string} work @param {(text: string) => void} progress @returns {Promise<string>} the kernel's version */
async function unpackDebian(work, progress) {
  const depends = await output('apt-cache', ['depends', KERNEL]);
  const kernel = /Depends: (linux-image-(\S+))/.exec(depends.stdout);
  if (!kernel?.[1] || !kernel[2])
    throw new SetUpFailure('no kernel for the guest', `apt-cache knows no ${KERNEL}`, ['sudo apt-get update, then start again']);
  await must('apt-get', ['download', kernel[1], 'libeatmydata1'], 'power-download', progress, work);
  for (const name of readdirSync(work).filter((n) => n.endsWith('.deb')))
    await must('dpkg-deb', ['-x', name, 'debian'], 'power-unpack', progress, work);
  copyFileSync(join(work, 'debian/boot', `vmlinuz-${kernel[2]}`), join(work, 'vmlinuz'));
  return kernel[2];
}

/** @param {string} work @param {string} version */
function packInitrd(work, version) {
  const drivers = join(work, 'debian/lib/modules', version, 'kernel');
  const folders = ['bin', 'dev', 'proc', 'sys', 'root', 'modules'].map((name) => ({ name, mode: 0o040755, data: Buffer.alloc(0) }));
  const files = [
    { name: 'init', mode: 0o100755, data: readFileSync(join(root, 'tests/power/guest/init.sh')) },
    { name: 'bin/busybox', mode: 0o100755, data: readFileSync('/bin/busybox') },
    { name: 'modules/order', mode: 0o100644, data: Buffer.from(MODULES.map((m) => basename(m)).join('\n')) },
    ...MODULES.map((m) => ({ name: `modules/${basename(m)}`, mode: 0o100644, data: readFileSync(join(drivers, m)) })),
  ];
  writeFileSync(join(work, 'initrd.gz'), gzipSync(cpio([...folders, ...files])));
}

/** @param {string} work */
async function packSystem(work) {
  const system = join(work, 'system');
  for (const name of ['bin', 'lib', 'lib64', 'dev', 'proc', 'sys', 'tmp', 'data', 'app'])
    mkdirSync(join(system, name), { recursive: true });
  copyFileSync(nodeBinary(), join(system, 'bin/node'));
  copyFileSync('/bin/busybox', join(system, 'bin/busybox'));
  // The loader looks into the folders of its own machine; `/lib` is among them.
  const { stdout } = await output('ldd', [nodeBinary()]);
  for (const [, path = ''] of stdout.matchAll(/(\/\S+\.so\S*) \(/g))
    copyFileSync(path, join(system, path.startsWith('/lib64/') ? 'lib64' : 'lib', basename(path)));
  const eatmydata = join(work, 'debian/usr/lib/x86_64-linux-gnu');
  const library = readdirSync(eatmydata).find((n) => n.startsWith('libeatmydata.so'));
  if (library) copyFileSync(realpathSync(join(eatmydata, library)), join(system, 'lib/libeatmydata.so'));
  await must(
    'mke2fs',
    ['-q', '-F', '-t', 'ext4', '-O', '^has_journal', '-d', 'system', 'system.img', `${SYSTEM_MB}M`],
    'power-system',
    () => {},
    work,
  );
}

/** @param {string} command @param {string[]} args @param {string} name @param {(text: string) => void} progress @param {string} cwd */
async function must(command, args, name, progress, cwd) {
  const result = await runCommand(command, args, { name, cwd, onLine: (line) => progress(line) });
  if (!result.ok)
    throw new SetUpFailure(`${command} (guest for power cuts)`, `${result.tail}\n(all of it: ${result.log})`, [`look into ${result.log}`]);
}
