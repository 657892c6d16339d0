/** What the centre says to this box: long polls, one after the other; after a break, the whole truth anew (`up/sync`). */
import { type AnyCloudEvent, type BoxState, boxPaths } from '@shouwang/protocol';
import type { Cancel, Clock } from '../clock.ts';
import { Backoff } from '../services/backoff.ts';
import { LinkError } from '../services/json-rpc.ts';
import { codeOf } from '../services/media.ts';
import type { Account, AskCentre } from './centre-channel.ts';

/** More than the longest wait that a centre can be configured for. */
const POLL_MS = 75_000;
const SYNC_MS = 15_000;

export interface NewsDeps {
  ask: AskCentre;
  account: Account;
  clock: Clock;
  random(): number;
  /** The message of `up/sync`. */
  sync(): AnyCloudEvent;
  onMessage(event: AnyCloudEvent): void;
  /** The centre is known anew: what was said before may have been missed. */
  onAnew(): void;
  /** The centre answers, or it does not (with the code). */
  onReach(reached: boolean, code: string | undefined): void;
}

export class News {
  private readonly deps: NewsDeps;
  private readonly backoff: Backoff;
  private cursor = '';
  private cancel: Cancel = () => {};
  private closed = false;
  /** A failed attempt is waiting for its turn. */
  private resting = false;

  constructor(deps: NewsDeps) {
    this.deps = deps;
    this.backoff = new Backoff(1_000, 15_000, deps.random);
  }

  start(): void {
    this.poll().catch(() => {});
  }

  close(): void {
    this.closed = true;
    this.cancel();
  }

  /** There is a reason to think that the centre can be reached again: does not wait any longer. */
  hurry(): void {
    if (!this.resting || this.closed) return;
    this.cancel();
    this.start();
  }

  private async poll(): Promise<void> {
    const { ask, account, onAnew, onMessage, onReach, sync } = this.deps;
    this.resting = false;
    try {
      const path = `${boxPaths.state}?after=${encodeURIComponent(this.cursor)}`;
      const state = (await ask({ method: 'GET', path, account, timeoutMs: POLL_MS })).body as BoxState | undefined;
      if (this.closed) return;
      // An answer that is not the centre's (a proxy's, a portal's) is none.
      if (!Array.isArray(state?.messages)) throw new LinkError('OFFLINE', path);
      if (state.anew) await ask({ method: 'POST', path: boxPaths.up('sync'), account, body: sync(), timeoutMs: SYNC_MS });
      if (this.closed) return;
      this.cursor = state.cursor;
      this.backoff.reset();
      onReach(true, undefined);
      for (const event of state.messages) onMessage(event);
      if (state.anew) onAnew();
      this.cancel = this.deps.clock.after(state.againInMs, () => this.start());
    } catch (error) {
      if (this.closed) return;
      onReach(false, codeOf(error));
      this.resting = true;
      this.cancel = this.deps.clock.after(this.backoff.next(), () => this.start());
    }
  }
}
