/**
 * Runs the real program after set-up, under the provisioned Node, as if it had been started in our place: its output is ours, its
 * exit code is ours, and signals go on to it.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import process from 'node:process';
import { root } from './paths.mjs';

/** A Ctrl-C reaches us from the terminal and once more from npm, which forwards it: within this time it is one. */
const SAME_SIGNAL_MS = 400;

/**
 * The program leads a process group of its own: a Ctrl-C reaches it once, through us, and not from the terminal as well.
 * @param {string} node @param {string[]} args @param {NodeJS.ProcessEnv} env
 * @param {{ ipc?: boolean }} [options] `ipc`: the program has an IPC channel, and knows by its closing that we are gone
 * @returns {Promise<number>} the exit code
 */
export function launch(node, args, env, options = {}) {
  const child = spawn(node, args, {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit', ...(options.ipc ? /** @type {const} */ (['ipc']) : [])],
    detached: true,
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    let lastAt = Number.NEGATIVE_INFINITY;
    process.on(signal, () => {
      if (performance.now() - lastAt > SAME_SIGNAL_MS) child.kill(signal);
      lastAt = performance.now();
    });
  }
  const watch = watchNpm(() => child.kill('SIGTERM'));
  child.on('exit', () => clearInterval(watch));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

/** npm forwards Ctrl-C and SIGTERM, but can say nothing when it is killed itself: then another process is our parent. @param {() => void} gone */
function watchNpm(gone) {
  const parent = process.ppid;
  if (!process.env.npm_lifecycle_event) return undefined;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    gone();
  }, 1000);
  return watch;
}
