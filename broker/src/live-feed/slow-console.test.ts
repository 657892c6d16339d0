/** Consoles that read slowly, or not at all, with connections in the test's hands. */
import type { CaseView } from '@shouwang/protocol';
import { expect, it } from 'vitest';
import type { FeedRow } from '../announcements/operations.ts';
import { fold, open } from '../cases/case.ts';
import type { Store } from '../store/store.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { type FeedSocket, STALLED_MS } from './feed-client.ts';
import { LiveFeed } from './live-feed.ts';

const aCase = fold(
  open({ caseNo: '20260101-0001', boxId: 'b', alarmId: 'a', area: '522328', pressedAt: 0, gesture: 'sos', withdrawWindowS: 0 }, 1, true),
);
const row = (seq: number): FeedRow => ({ seq, payload: `{"seq":${seq}}`, case: aCase });
const announced = (seq: number) => ({ seq, kind: 'case' as const, topic: 't', payload: `{"seq":${seq}}`, case: aCase });

/** A connection that takes nothing until it is told to. */
class Wire implements FeedSocket {
  text = '';
  waiting = 0;
  closed = false;
  reads = true;
  #drained: (() => void)[] = [];
  #close: (() => void)[] = [];
  write(text: string): void {
    this.text += text;
    if (!this.reads) this.waiting += text.length;
  }
  buffered(): number {
    return this.waiting;
  }
  onceDrained(run: () => void): void {
    if (this.waiting === 0) run();
    else this.#drained.push(run);
  }
  onClose(run: () => void): void {
    this.#close.push(run);
  }
  destroy(): void {
    if (this.closed) return;
    this.closed = true;
    for (const run of [...this.#close, ...this.#drained.splice(0)]) run();
  }
  takesAll(): void {
    this.waiting = 0;
    for (const run of this.#drained.splice(0)) run();
  }
  get ids(): number[] {
    return [...this.text.matchAll(/^id: (\d+)$/gm)].map((m) => Number(m[1]));
  }
}

function aFeed(rows: FeedRow[] = [], { onRead = (_after: number): void => undefined, maxBufferBytes = 10_000 } = {}) {
  const clock = new ManualClock();
  const store = {
    run: async (_name: string, { after, limit }: { after: number; limit: number }) => {
      const page = rows.filter((r) => r.seq > after).slice(0, limit);
      onRead(after);
      return page;
    },
  } as unknown as Store;
  const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined, fatal: () => undefined };
  let views = 0;
  const feed = new LiveFeed({
    store,
    clock,
    log: quiet,
    commentMs: 15_000,
    maxBufferBytes,
    view: () => {
      views++;
      return { caseNo: aCase.caseNo } as CaseView;
    },
    status: () => ({ now: 0, boxesOnline: 0, operators: 0 }),
  });
  return { feed, clock, views: () => views };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('a console that reads slowly gets the rest from the database at its own pace, once and in order; others hear on', async () => {
  const rows: FeedRow[] = [];
  const { feed } = aFeed(rows);
  const [slow, good] = [new Wire(), new Wire()];
  await feed.serve(slow, undefined, () => undefined);
  await feed.serve(good, undefined, () => undefined);
  slow.reads = false;
  for (let seq = 1; seq <= 3000; seq++) {
    rows.push(row(seq));
    feed.push([announced(seq)]);
  }
  const all = Array.from({ length: 3000 }, (_, i) => i + 1);
  expect(good.ids).toEqual(all);
  expect(slow.waiting).toBeLessThan(11_000);
  for (let i = 0; slow.ids.length < 3000 && i < 1000; i++) {
    await settled();
    expect(slow.waiting).toBeLessThan(70_000);
    slow.takesAll();
  }
  expect(slow.ids).toEqual(all);
  feed.push([announced(3001)]);
  await settled();
  expect([slow.closed, slow.ids.at(-1)]).toEqual([false, 3001]);
});

it('a console that reads nothing at all is cut', async () => {
  const rows = Array.from({ length: 3000 }, (_, i) => row(i + 1));
  const { feed, clock } = aFeed(rows);
  const dead = new Wire();
  let gone = 0;
  await feed.serve(dead, undefined, () => gone++);
  dead.reads = false;
  for (const r of rows) feed.push([announced(r.seq)]);
  for (let i = 0; i < 20; i++) await settled();
  clock.passes(STALLED_MS);
  await settled();
  expect([dead.closed, gone, feed.size]).toEqual([true, 1, 0]);
});

it('an event’s text is built once, not once a console', async () => {
  const { feed, views } = aFeed();
  for (let i = 0; i < 20; i++) await feed.serve(new Wire(), undefined, () => undefined);
  feed.push([announced(1), announced(2)]);
  expect(views()).toBe(2);
});

it('what happens while a console catches up comes after it, once', async () => {
  const rows = Array.from({ length: 250 }, (_, i) => row(i + 1));
  const { feed } = aFeed(rows, {
    onRead: (after) => {
      // Committed and announced while the page was on its way; the next page shows it too.
      if (after !== 200) return;
      rows.push(row(251), row(252));
      feed.push([announced(251), announced(252)]);
    },
  });
  feed.start(250);
  const wire = new Wire();
  await feed.serve(wire, 0, () => undefined);
  feed.push([announced(253)]);
  expect(wire.ids).toEqual(Array.from({ length: 253 }, (_, i) => i + 1));
  feed.close();
});

it('a console that catches up is waited for, with little in memory; one that stalls is cut', async () => {
  const rows = Array.from({ length: 3000 }, (_, i) => row(i + 1));
  const { feed, clock } = aFeed(rows);
  const wire = new Wire();
  wire.reads = false;
  const serving = feed.serve(wire, 0, () => undefined);
  await settled();
  const firstBytes = wire.waiting;
  expect(firstBytes).toBeLessThan(66_000);
  wire.takesAll();
  for (let i = 0; i < 5; i++) await settled();
  expect(wire.ids.length).toBeGreaterThan(700);
  clock.passes(STALLED_MS);
  await serving;
  expect(wire.closed).toBe(true);
});

it('a household’s mark reaches a console that catches up, behind the cases that were read before', async () => {
  const { feed } = aFeed([row(1), row(2)]);
  const wire = new Wire();
  wire.waiting = 70_000;
  wire.reads = false;
  const served = feed.serve(wire, 0, () => undefined);
  await settled();
  for (const since of [5, 6]) feed.householdMarked({ boxId: 'b', addressInDoubtSince: since });
  wire.takesAll();
  await served;
  expect(wire.text.match(/^event: case|"addressInDoubtSince":\d/gm)).toEqual(['event: case', 'event: case', '"addressInDoubtSince":6']);
});

it('a console that is slow with marks gets the last word on each, once it reads', async () => {
  const { feed } = aFeed([], { maxBufferBytes: 100_000 });
  const slow = new Wire();
  await feed.serve(slow, undefined, () => undefined);
  slow.reads = false;
  for (let i = 0; i < 5000; i++) {
    feed.householdMarked({ boxId: `b${i % 10}`, addressInDoubtSince: i });
    await settled();
  }
  expect([slow.closed, slow.waiting < 101_000]).toEqual([false, true]);
  slow.takesAll();
  for (let i = 0; i < 10; i++) await settled();
  for (let i = 4990; i < 5000; i++) expect(slow.text).toContain(`"addressInDoubtSince":${i}}`);
});

it('a console that reads no marks at all is cut', async () => {
  const { feed, clock } = aFeed([], { maxBufferBytes: 100_000 });
  const dead = new Wire();
  await feed.serve(dead, undefined, () => undefined);
  dead.reads = false;
  for (let i = 0; i < 5000; i++) feed.householdMarked({ boxId: `b${i}`, addressInDoubtSince: i });
  await settled();
  clock.passes(STALLED_MS);
  await settled();
  expect(dead.closed).toBe(true);
});
