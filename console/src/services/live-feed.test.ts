import { type CaseView, CodedError, type LiveCase } from '@shouwang/protocol';
import { expect, test } from 'vitest';
import { aCase, announced, settled, TestClock, TestSource } from '../testing/cases.ts';
import { LiveFeed } from './live-feed.ts';

/** A feed with everything around it in the test's hands. */
async function feed(lists: (number | Error | 'never')[] = [7], cases: () => CaseView[] | Promise<CaseView[]> = () => []) {
  const clock = new TestClock(1000);
  const sources: TestSource[] = [];
  const states: unknown[] = [];
  const batches: number[][] = [];
  const snapshots: number[] = [];
  const queue = [...lists];
  const answered: string[] = [];
  const marks = new Map<string, number | null>();
  const live = new LiveFeed({
    api: {
      cases: async () => {
        const next = queue.length > 1 ? queue.shift()! : queue[0]!;
        if (next === 'never') return new Promise(() => undefined);
        if (next instanceof Error) throw next;
        return { cases: await cases(), seq: next };
      },
      answerFeed: async (name) => void answered.push(name),
    },
    openSource: (url) => {
      const source = new TestSource(url);
      sources.push(source);
      return source;
    },
    timers: clock,
    now: clock.now,
    onSnapshot: (_cases, seq) => snapshots.push(seq),
    onCases: (items: LiveCase[]) => batches.push(items.map((item) => item.event.data.seq)),
    onCentre: () => states.push('centre'),
    onHouseholds: (all) => {
      for (const m of all) marks.set(m.boxId, m.addressInDoubtSince);
    },
    onState: (state) => states.push(state),
  });
  live.start();
  await settled();
  const last = () => sources.at(-1)!;
  const says = (seq: number) => last().emit('case', announced(seq, 'opened', aCase()));
  return {
    clock,
    sources,
    states,
    batches,
    snapshots,
    live,
    answered,
    marks,
    last,
    says,
    answers: (...more: (number | Error | 'never')[]) => queue.splice(0, queue.length, ...more),
  };
}

const offline = new CodedError('OFFLINE');

test('goes on where the first list ended', async () => {
  const { last, snapshots, states } = await feed([7]);
  expect(snapshots).toEqual([7]);
  expect(last().url).toBe('/api/v1/live?after=7');
  last().opens();
  expect(states).toEqual([{ at: 'live' }]);
});

test('a first alarm is given on at once, a storm behind it in one go', async () => {
  const { last, says, batches, clock } = await feed();
  last().opens();
  says(8);
  expect(batches).toEqual([[8]]);
  for (let seq = 9; seq < 12; seq++) says(seq);
  expect(batches).toEqual([[8]]);
  await clock.passes(30);
  expect(batches).toEqual([[8], [9, 10, 11]]);
});

test('a break is told with its first moment, and the browser is left to reconnect', async () => {
  const { last, states, sources, clock } = await feed();
  last().opens();
  last().breaks(true);
  await clock.passes(3000);
  last().breaks(true);
  expect(states.slice(1)).toEqual([
    { at: 'lost', since: 1000 },
    { at: 'lost', since: 1000 },
  ]);
  last().opens();
  expect(states.at(-1)).toEqual({ at: 'live' });
  expect(sources).toHaveLength(1);
});

test('a household’s mark that came or went while there was no feed is in the list that is read behind the break', async () => {
  const listed = [aCase()];
  const { last, marks } = await feed([7], () => listed);
  last().opens();
  await settled();
  expect([...marks]).toEqual([['box-0001', null]]);
  last().breaks(true);
  listed[0] = aCase({ household: { ...aCase().household, addressInDoubtSince: 5 } });
  last().opens();
  await settled();
  expect([...marks]).toEqual([['box-0001', 5]]);
});

test('a household’s mark that comes before a list that was made earlier stands', async () => {
  let arrives: (cases: CaseView[]) => void = () => undefined;
  let first = true;
  const { last, marks } = await feed([7], () => {
    if (!first) return new Promise((resolve) => (arrives = resolve));
    first = false;
    return [];
  });
  last().opens();
  last().emit('household', { boxId: 'box-0001', addressInDoubtSince: 5 });
  arrives([aCase()]);
  await settled();
  expect([...marks]).toEqual([['box-0001', 5]]);
});

test('a household’s mark comes behind the cases that were told before it', async () => {
  const order: string[] = [];
  const { last, says, batches, marks } = await feed();
  last().opens();
  await settled();
  marks.set = (boxId, since) => {
    order.push(`mark after ${batches.flat().join()}`);
    return Map.prototype.set.call(marks, boxId, since) as typeof marks;
  };
  says(8);
  says(9);
  last().emit('household', { boxId: 'box-0001', addressInDoubtSince: 5 });
  expect(order).toEqual(['mark after 8,9']);
});

test('a feed that speaks stays, though a list does not come', async () => {
  const { last, states, sources, clock, answers } = await feed([7]);
  answers(offline);
  last().opens();
  last().emit('centre', { now: 0, boxesOnline: 0, operators: 1 });
  await settled();
  await clock.passes(3000);
  expect(states.filter((s) => s !== 'centre')).toEqual([{ at: 'live' }]);
  expect(sources).toHaveLength(1);
});

test('where the browser gives up, list and feed are opened anew after the last announcement', async () => {
  const { last, says, sources, snapshots, clock, answers } = await feed([7]);
  last().opens();
  says(8);
  answers(9);
  last().breaks(false);
  await clock.passes(1000);
  expect(sources).toHaveLength(2);
  expect(snapshots).toEqual([7, 9]);
  expect(last().url).toBe('/api/v1/live?after=9');
});

test('keeps asking while the centre is away, and says since when', async () => {
  const { states, sources, clock, answers } = await feed([offline]);
  expect(states).toEqual([{ at: 'lost', since: 1000 }]);
  await clock.passes(60_000);
  expect(sources).toHaveLength(0);
  answers(3);
  await clock.passes(5000);
  expect(sources).toHaveLength(1);
});

test('silence is not trusted: a feed that is behind the list is opened anew', async () => {
  const { last, sources, snapshots, clock, answers } = await feed([7]);
  last().opens();
  answers(12);
  await clock.passes(10_000);
  expect(snapshots).toEqual([7, 12]);
  expect(sources).toHaveLength(2);
  expect(sources[0]!.readyState).toBe(2);
});

test('silence with nothing missed is only silence', async () => {
  const { last, sources, states, clock } = await feed([7]);
  last().opens();
  await clock.passes(120_000);
  expect(sources).toHaveLength(1);
  expect(states).toEqual([{ at: 'live' }]);
});

test('silence because the centre is gone is a loss, counted from the last sign of life', async () => {
  const { last, states, clock, answers } = await feed([7]);
  last().opens();
  await clock.passes(3000);
  last().emit('centre', { now: 0, boxesOnline: 0, operators: 1 });
  answers(offline);
  await clock.passes(10_000);
  expect(states.at(-1)).toEqual({ at: 'lost', since: 4000 });
});

test('a centre that does not even refuse is lost within twelve seconds', async () => {
  const { last, states, clock, answers } = await feed([7]);
  last().opens();
  answers('never');
  await clock.passes(12_000);
  expect(states.at(-1)).toEqual({ at: 'lost', since: 1000 });
});

test('given up for silence and speaking again, it is live again', async () => {
  const { last, says, states, clock, answers } = await feed([7]);
  last().opens();
  answers('never');
  await clock.passes(12_000);
  says(8);
  expect(states.at(-1)).toEqual({ at: 'live' });
});

test('given up for silence while the list answers, the feed is opened anew', async () => {
  const { last, states, sources, clock, answers } = await feed([7]);
  last().opens();
  answers('never');
  await clock.passes(12_000);
  answers(7);
  await clock.passes(10_000);
  expect(sources).toHaveLength(2);
  last().opens();
  expect(states.at(-1)).toEqual({ at: 'live' });
});

test('a centre that came back with an older database is read anew', async () => {
  const { last, sources, snapshots, answers } = await feed([7]);
  last().opens();
  last().breaks(true);
  answers(2);
  last().opens();
  await settled();
  expect(snapshots).toEqual([7, 2]);
  expect(sources).toHaveLength(2);
  expect(last().url).toBe('/api/v1/live?after=2');
});

test('after closing, nothing is heard or asked any more', async () => {
  const { last, says, live, batches, clock, sources } = await feed();
  last().opens();
  live.close();
  says(8);
  last().breaks(false);
  await clock.passes(120_000);
  expect(batches).toEqual([]);
  expect(sources).toHaveLength(1);
});

test('answers the centre’s signs of life with the feed’s own name, at most every 3 s, so that a vanished console is noticed', async () => {
  const { last, clock, answered } = await feed();
  last().opens();
  last().emit('centre', {});
  expect(answered).toEqual([]);
  last().emit('feed', { feed: 'one' });
  last().emit('centre', {});
  await clock.passes(1000);
  last().emit('centre', {});
  expect(answered).toEqual(['one']);
  await clock.passes(4000);
  last().emit('centre', {});
  expect(answered).toEqual(['one', 'one']);
  last().emit('feed', { feed: 'two' });
  last().emit('centre', {});
  expect(answered.at(-1)).toBe('two');
});
