import { CodedError } from '@shouwang/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import type { OutboxEntry } from '../outbox/entry.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { alarmMessage, detailMessage } from '../testing/messages.ts';
import { quiet } from '../testing/quiet.ts';
import { backoff } from './backoff.ts';
import { createSender, type Sender } from './sender.ts';

const RETRY = { minMs: 2000, maxMs: 30_000 };
let clock: FakeClock;
let entries: OutboxEntry[];
let published: { id: string; at: number }[];
let sent: string[];
let sender: Sender;
let fails: boolean;

beforeEach(() => {
  clock = new FakeClock();
  entries = [];
  published = [];
  sent = [];
  fails = false;
  sender = createSender({
    clock,
    // No jitter: the full delay.
    random: () => 1,
    retry: RETRY,
    log: quiet,
    entries: () => entries,
    publish: async (e) => {
      published.push({ id: e.event.id, at: clock.mono() });
      if (fails) throw new CodedError('OFFLINE');
    },
    onSent: (e) => sent.push(e.event.id),
  });
});

function alarm(): OutboxEntry {
  const event = alarmMessage();
  const entry: OutboxEntry = { v: 1, seq: entries.length + 1, kind: 'alarm', alarmId: event.id, putAt: 0, event };
  entries.push(entry);
  return entry;
}
function detail(alarmId: string): OutboxEntry {
  const entry: OutboxEntry = { v: 1, seq: entries.length + 1, kind: 'detail', alarmId, putAt: 0, event: detailMessage(alarmId) };
  entries.push(entry);
  return entry;
}
const answered = (entry: OutboxEntry) => {
  entries = entries.filter((e) => e !== entry);
  sender.wake();
};
const times = () => published.map((p) => p.at);

describe('an unanswered message', () => {
  it('is sent again under the same id after 2, 4, 8, 16 and then every 30 s, for ever', () => {
    const { event } = alarm();
    sender.connected();
    clock.passes(120_000);
    expect(times()).toEqual([0, 2000, 6000, 14_000, 30_000, 60_000, 90_000, 120_000]);
    expect(new Set(published.map((p) => p.id))).toEqual(new Set([event.id]));
  });

  it('is not sent again once it is answered, and nothing keeps ticking', () => {
    const entry = alarm();
    sender.connected();
    answered(entry);
    clock.passes(120_000);
    expect(times()).toEqual([0]);
    expect(clock.armed).toBe(0);
  });

  it('is due at once on every new connection, and never while there is none', () => {
    alarm();
    sender.connected();
    clock.passes(15_000);
    sender.disconnected();
    const before = published.length;
    clock.passes(300_000);
    sender.wake();
    expect(published).toHaveLength(before);
    sender.connected();
    expect(times().at(-1)).toBe(315_000);
  });

  it('put while connected goes out when the sender is woken', () => {
    sender.connected();
    alarm();
    sender.wake();
    sender.wake();
    expect(times()).toEqual([0]);
  });

  it('counts as sent only when the publish was written', async () => {
    fails = true;
    const entry = alarm();
    sender.connected();
    await Promise.resolve();
    expect(sent).toEqual([]);
    fails = false;
    sender.connected();
    await Promise.resolve();
    expect(sent).toEqual([entry.event.id]);
  });
});

describe('order:', () => {
  it('oldest first, and what is said about an alarm only after the alarm was answered', () => {
    const first = alarm();
    const about = detail(first.event.id);
    const second = alarm();
    sender.connected();
    expect(published.map((p) => p.id)).toEqual([first.event.id, second.event.id]);
    answered(first);
    expect(published.map((p) => p.id).slice(2)).toEqual([about.event.id]);
  });

  it('what is said about an alarm that was answered before goes out at once', () => {
    const about = detail('an alarm of yesterday');
    sender.connected();
    expect(published.map((p) => p.id)).toEqual([about.event.id]);
  });
});

describe('the back-off', () => {
  it('stays between half the shortest and the longest delay, whatever the dice say', () => {
    for (const random of [() => 0, () => 0.5, () => 0.999]) {
      const delays = Array.from({ length: 2000 }, (_, i) => backoff(i, { minMs: 500, maxMs: 30_000 }, random));
      expect(Math.min(...delays)).toBeGreaterThanOrEqual(250);
      expect(Math.max(...delays)).toBeLessThanOrEqual(30_000);
      expect(delays.at(-1)).toBeGreaterThanOrEqual(15_000);
    }
  });
});
