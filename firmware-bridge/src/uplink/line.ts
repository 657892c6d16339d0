/** ③ The uplink in force. When its settings change, another one takes over: soon, and not on every box in the same second. */
import type { Logger } from 'pino';
import type { Clock, Timer } from '../clock.ts';
import type { Uplink } from './uplink.ts';

export interface LineOptions {
  /** Makes an uplink by the settings that are in force then; it is not started. */
  make(): Uplink;
  clock: Clock;
  random: () => number;
  log: Logger;
  /** Another uplink is in force. */
  onChange(): void;
}

export interface Line {
  readonly uplink: Uplink;
  /** Another uplink is about to take over: what is heard on this one says nothing about the new settings. */
  readonly renewing: boolean;
  renew(): void;
  close(): Promise<void>;
}

/** Boxes that were told to use their line differently do not all come back in the same second. */
const RENEW_WITHIN_MS = 10_000;

export function createLine({ make, clock, random, log, onChange }: LineOptions): Line {
  let uplink = make();
  let waiting: Timer | undefined;
  let closed = false;

  async function takeOver(): Promise<void> {
    const old = uplink;
    const mine = make();
    uplink = mine;
    onChange();
    await old.close().catch((error) => log.error({ err: error }, 'the old line could not be closed'));
    if (uplink === mine && !closed) mine.start();
  }

  return {
    get uplink() {
      return uplink;
    },
    get renewing() {
      return waiting !== undefined;
    },
    renew() {
      waiting?.cancel();
      waiting = clock.after(random() * RENEW_WITHIN_MS, () => {
        waiting = undefined;
        void takeOver();
      });
    },
    async close() {
      closed = true;
      waiting?.cancel();
      await uplink.close();
    },
  };
}
