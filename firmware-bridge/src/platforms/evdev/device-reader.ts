/**
 * Reads one device through a `cat` child: blocking reads in Node's own thread pool would starve file writes, and with them
 * the outbox. A device that goes away is tried again for ever.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Logger } from 'pino';
import type { Clock, Timer } from '../../clock.ts';

export interface DeviceReader {
  readonly open: boolean;
  close(): Promise<void>;
}

const RETRY_MS = 5000;
/** A reader that still runs after this has a device. */
const SETTLED_MS = 500;

export function readDevice(deps: {
  path: string;
  clock: Clock;
  log: Logger;
  onChunk(chunk: Buffer): void;
  /** `open` changed; when it became false, no key of this device is down any more. */
  onState(open: boolean): void;
}): DeviceReader {
  const { path, clock, log } = deps;
  let child: ChildProcess | undefined;
  let open = false;
  let closed = false;
  let timer: Timer | undefined;
  let complained = false;

  function setOpen(now: boolean): void {
    if (open === now) return;
    open = now;
    deps.onState(now);
  }

  function start(): void {
    const mine = spawn('cat', ['--', path], { stdio: ['ignore', 'pipe', 'ignore'] });
    child = mine;
    timer = clock.after(SETTLED_MS, () => {
      complained = false;
      setOpen(true);
    });
    mine.stdout.on('data', (chunk: Buffer) => {
      setOpen(true);
      deps.onChunk(chunk);
    });
    mine.on('error', (error) => ended(mine, error.message));
    mine.on('close', (code) => ended(mine, `the reader ended (${code})`));
  }

  function ended(which: ChildProcess, why: string): void {
    if (child !== which) return;
    child = undefined;
    timer?.cancel();
    setOpen(false);
    if (closed) return;
    if (!complained) log.warn({ path, why }, 'an input device cannot be read; trying again');
    complained = true;
    timer = clock.after(RETRY_MS, start);
  }

  start();
  return {
    get open() {
      return open;
    },
    async close() {
      closed = true;
      timer?.cancel();
      const mine = child;
      if (!mine || mine.exitCode !== null || mine.signalCode !== null) return;
      const gone = new Promise<void>((resolve) => mine.once('close', () => resolve()));
      mine.kill('SIGTERM');
      await gone;
    },
  };
}
