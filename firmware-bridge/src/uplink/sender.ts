/**
 * ③ Empties the outbox: everything in it is sent, oldest first, and again with growing gaps until the centre answers it.
 * Always the same bytes under the same id. What is said about an alarm waits for the answer to the alarm itself, so that
 * the centre never hears of an alarm that it does not know.
 */
import { CodedError } from '@shouwang/protocol';
import type { Logger } from 'pino';
import { isSilent } from '../alarm/silent-alarm.ts';
import type { Clock, Timer } from '../clock.ts';
import type { OutboxEntry } from '../outbox/entry.ts';
import { type BackoffSettings, backoff } from './backoff.ts';

export interface SenderDeps {
  clock: Clock;
  random: () => number;
  retry: BackoffSettings;
  log: Logger;
  /** Unanswered messages, oldest first. */
  entries(): OutboxEntry[];
  /** Resolves when the message was written to a connected socket. */
  publish(entry: OutboxEntry): Promise<void>;
  /** A message was written to the network. */
  onSent(entry: OutboxEntry): void;
}

export interface Sender {
  /** Connected: everything unanswered is due now. */
  connected(): void;
  disconnected(): void;
  /** Something may have become due. */
  wake(): void;
}

interface Tries {
  count: number;
  nextAt: number;
}

export function createSender(deps: SenderDeps): Sender {
  const { clock, log } = deps;
  let tries = new Map<string, Tries>();
  let online = false;
  let timer: Timer | undefined;

  function pump(): void {
    timer?.cancel();
    timer = undefined;
    if (!online) return;
    const entries = deps.entries();
    const unanswered = new Set(entries.flatMap((e) => (e.kind === 'alarm' ? [e.alarmId] : [])));
    const now = clock.mono();
    const kept = new Map<string, Tries>();
    let soonest = Number.POSITIVE_INFINITY;
    for (const entry of entries) {
      if (entry.kind !== 'alarm' && unanswered.has(entry.alarmId)) continue;
      const id = entry.event.id;
      const before = tries.get(id) ?? { count: 0, nextAt: now };
      const next =
        before.nextAt <= now ? { count: before.count + 1, nextAt: now + backoff(before.count, deps.retry, deps.random) } : before;
      if (next !== before) send(entry, before.count);
      kept.set(id, next);
      soonest = Math.min(soonest, next.nextAt);
    }
    tries = kept;
    if (soonest < Number.POSITIVE_INFINITY) timer = clock.after(Math.max(0, soonest - now), pump);
  }

  function send(entry: OutboxEntry, earlier: number): void {
    // Whoever reads the log at the box must not find an alarm there that the TV does not show.
    if (earlier > 0 && !isSilent(entry)) log.info({ id: entry.event.id, kind: entry.kind, earlier }, 'no answer yet: sent again');
    deps.publish(entry).then(
      () => deps.onSent(entry),
      (error) => {
        // The connection went in between: due again on the next one.
        if (!(error instanceof CodedError && error.code === 'OFFLINE')) log.error({ err: error, id: entry.event.id }, 'publishing failed');
      },
    );
  }

  return {
    connected() {
      online = true;
      tries = new Map();
      pump();
    },
    disconnected() {
      online = false;
      timer?.cancel();
      timer = undefined;
    },
    wake: pump,
  };
}
