/**
 * One at a time, across processes and checkouts. The lock is held by a `flock` process (util-linux, in every Debian) that
 * waits on a pipe from us: however we end, the kernel closes the pipe and the lock is free. Nothing stale can be left.
 */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';

/**
 * @template T
 * @param {string} file created when missing, never removed
 * @param {() => void} onWait called once when somebody else holds it
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, onWait, work) {
  mkdirSync(dirname(file), { recursive: true });
  const release = await acquire(file, onWait);
  try {
    return await work();
  } finally {
    release();
  }
}

/** @param {string} file @param {() => void} onWait @returns {Promise<() => void>} */
function acquire(file, onWait) {
  return new Promise((resolve, reject) => {
    const script = 'flock -n 9 || { echo waiting; flock 9 || exit 1; }; echo locked; read _';
    const child = spawn('sh', ['-c', `command -v flock >/dev/null || exit 77; exec 9>>"$1"; ${script}`, 'sh', file], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let held = false;
    child.stdout.on('data', (data) => {
      if (String(data).includes('waiting')) onWait();
      if (!String(data).includes('locked')) return;
      held = true;
      resolve(() => child.stdin.end());
    });
    child.stdin.on('error', () => undefined);
    child.on('error', reject);
    child.on('exit', (code) => {
      if (held) return;
      // No flock on this system (macOS): go on without; two set-ups at once are then up to the person.
      if (code === 77 || process.platform !== 'linux') resolve(() => undefined);
      else reject(new Error(`cannot lock ${file}`));
    });
  });
}
