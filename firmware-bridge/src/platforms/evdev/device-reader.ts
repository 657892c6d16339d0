/**
 * Reads one device through a `cat` child: blocking reads in Node's own thread pool would starve file writes, and with them
 * the outbox. A device that goes away is tried again for ever. A regular file is a recording, and read once.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Clock, Timer } from '../../clock.ts';

export interface DeviceReader {
  readonly open: boolean;
  /** The device may have come back: cuts a wait for the next try short. */
  hurry(): void;
  /** Ends the reader; what was down is let go. */
  close(): Promise<void>;
}

const RETRY_MS = 5000;
/** Between two tries, whatever hurries. */
const HURRY_GAP_MS = 500;
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
  /** A recording was read to its end. */
  let done = false;
  let timer: Timer | undefined;
  /** Monotonic ms of the last try. */
  let triedAt = 0;
  let hurried = false;
  let complained = false;

  function setOpen(now: boolean): void {
    if (open === now) return;
    open = now;
    deps.onState(now);
  }

  function start(): void {
    triedAt = clock.mono();
    hurried = false;
    const mine = spawn('cat', ['--', path], { stdio: ['ignore', 'pipe', 'ignore'] });
    child = mine;
    timer = clock.after(SETTLED_MS, () => {
      complained = false;
      setOpen(true);
    });
    mine.stdout.on('data', (chunk: Buffer) => {
      if (closed) return;
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
    done = isRecording();
    if (closed || done) return;
    if (!complained) log.warn({ path, why }, 'an input device cannot be read; trying again');
    complained = true;
    timer = clock.after(RETRY_MS, start);
  }

  function isRecording(): boolean {
    try {
      return statSync(path).isFile();
    } catch {
      return false;
    }
  }

  start();
  return {
    get open() {
      return open;
    },
    hurry() {
      if (child || closed || done || hurried) return;
      hurried = true;
      timer?.cancel();
      timer = clock.after(Math.max(0, triedAt + HURRY_GAP_MS - clock.mono()), start);
    },
    async close() {
      closed = true;
      timer?.cancel();
      setOpen(false);
      const mine = child;
      if (!mine || mine.exitCode !== null || mine.signalCode !== null) return;
      const gone = new Promise<void>((resolve) => mine.once('close', () => resolve()));
      mine.kill('SIGTERM');
      await gone;
    },
  };
}
