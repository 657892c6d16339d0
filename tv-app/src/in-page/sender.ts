/** ③ Sends what the outbox holds, one at a time, the same message again until the centre has answered it. */
import { type AnyCloudEvent, boxPaths } from '@shouwang/protocol';
import type { Cancel, Clock } from '../clock.ts';
import { Backoff } from '../services/backoff.ts';
import { LinkError } from '../services/json-rpc.ts';
import { codeOf } from '../services/media.ts';
import type { Entry } from './alarm.ts';
import type { Account, AskCentre } from './centre-channel.ts';

/** More than the centre holds an answer for its commit. */
const ANSWER_MS = 25_000;
/** What the centre has taken and not answered yet is said again after so long. */
const UNANSWERED_MS = 30_000;

export interface SenderDeps {
  ask: AskCentre;
  account: Account;
  clock: Clock;
  random(): number;
  /** What is to go out now; `notYet`: not this one. */
  next(notYet: (id: string) => boolean): Entry | undefined;
  onSent(id: string): void;
  onAnswer(event: AnyCloudEvent): void;
  /** The centre answers, or it does not (with the code). */
  onReach(reached: boolean, code: string | undefined): void;
}

export class Sender {
  private readonly deps: SenderDeps;
  private readonly backoff: Backoff;
  private readonly waiting: Record<string, number> = {};
  private busy = false;
  private cancel: Cancel = () => {};
  private closed = false;

  constructor(deps: SenderDeps) {
    this.deps = deps;
    this.backoff = new Backoff(2_000, 30_000, deps.random);
  }

  /** Something new is to go out, or the centre can be reached again: no more waiting. */
  wake(): void {
    this.backoff.reset();
    this.send().catch(() => {});
  }

  close(): void {
    this.closed = true;
    this.cancel();
  }

  private async send(): Promise<void> {
    if (this.busy || this.closed) return;
    this.cancel();
    const { ask, account, clock, next, onSent, onAnswer, onReach } = this.deps;
    const entry = next((id) => (this.waiting[id] ?? 0) > clock.now());
    if (!entry) {
      if (next(() => false)) this.again(UNANSWERED_MS);
      return;
    }
    const { id } = entry.event;
    this.busy = true;
    try {
      const asked = { method: 'POST', path: boxPaths.up(entry.kind), account, body: entry.event, timeoutMs: ANSWER_MS } as const;
      const answer = await ask({ ...asked, onSent: () => onSent(id) });
      this.busy = false;
      if (this.closed) return;
      const event = answer.body as Partial<AnyCloudEvent> | undefined;
      // What a proxy or a portal says is no answer.
      if (answer.status === 200 && event?.type === undefined) throw new LinkError('OFFLINE', id);
      this.backoff.reset();
      delete this.waiting[id];
      if (answer.status === 200) onAnswer(event as AnyCloudEvent);
      else this.waiting[id] = clock.now() + UNANSWERED_MS;
      // Last: it may wake this sender.
      onReach(true, undefined);
      this.send().catch(() => {});
    } catch (error) {
      this.busy = false;
      if (this.closed) return;
      this.again(this.backoff.next());
      onReach(false, codeOf(error));
    }
  }

  private again(ms: number): void {
    this.cancel();
    this.cancel = this.deps.clock.after(ms, () => this.send().catch(() => {}));
  }
}
