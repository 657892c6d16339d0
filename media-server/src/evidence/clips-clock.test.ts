/** Which time a clip has, where its wish comes late or the node's clock is wrong. */
import type { ClipReported, ClipWanted } from '@shouwang/protocol';
import { describe, expect, test } from 'vitest';
import { FakeSource } from '../testing/fake-source.ts';
import { CLIP, recordingNode } from '../testing/recording-node.ts';

const t = recordingNode();

function want(range: { from: number; to: number }): ClipWanted['data'] {
  return { clipId: CLIP, caseNo: '20261123-0007', cameraId: 'gate', wanted: 'kept', ...range };
}

const told = (): ClipReported['data'] => t.evidence.clips.unreported[0]!;

test('a clip whose wish comes late has the time that was asked for, where something else came in time', async () => {
  await t.starts({ camera: { preRoll: 'always' } });
  await t.films(20);
  const late = want({ from: t.clock.now() - 18_000, to: t.clock.now() + 2000 });
  t.evidence.centreClock.heard(t.clock.now() - 50);
  t.evidence.clips.hear(late, t.clock.now() - 8000);
  await t.evidence.clips.settled();
  await t.films(4);
  const { parts, gaps } = told();
  expect(gaps).toEqual([]);
  expect(parts[0]!.from).toBeLessThanOrEqual(late.from);
  expect(parts[0]!.to).toBeLessThanOrEqual(late.to);
});

test('a clip whose wish came late, and again in time, says that the time is missing by which it was late', async () => {
  await t.starts({ camera: { preRoll: 'always' } });
  await t.films(20);
  const saidAt = t.clock.now() - 8000;
  const wish = want({ from: saidAt - 5000, to: saidAt + 12_000 });
  t.evidence.clips.hear(wish, saidAt);
  await t.evidence.clips.settled();
  t.evidence.clips.hear(wish, t.clock.now());
  await t.films(14);
  const { gaps, parts } = told();
  expect(parts[0]!.from).toBe(wish.from + 8000);
  expect(gaps).toEqual([{ from: wish.from, to: wish.from + 8000 }]);
});

test('a clip of a node whose clock is wrong has the time that was meant', async () => {
  await t.starts({ camera: { preRoll: 'always' } });
  await t.films(20);
  const ahead = 8000;
  const now = t.clock.now() - ahead;
  t.evidence.clips.hear(want({ from: now - 5000, to: now + 2000 }), now);
  await t.evidence.clips.settled();
  await t.films(4);
  const { parts, gaps } = told();
  expect(gaps).toEqual([]);
  expect(parts[0]!.from).toBe(now - 5000 + ahead);
  expect(parts[0]!.to).toBeGreaterThanOrEqual(now + 1900 + ahead);
});

describe('of a node whose clock is ahead, a clip that is held stays at the disk’s limit', () => {
  const AHEAD = 600_000;
  const centreNow = () => t.clock.now() - AHEAD;
  const starts = () => t.starts({ camera: { preRoll: 'always' }, recorder: { lateS: 3, diskBudgetMb: 16 } });
  /** Another one, recorded for `forMs` from now. */
  const wishes = async (name: string, forMs: number) => {
    const range = { from: centreNow() - 5000, to: centreNow() + forMs };
    t.evidence.clips.hear({ ...want(range), clipId: CLIP.replace(/.$/, name) }, centreNow());
    await t.evidence.clips.settled();
  };
  const fills = () => t.evidence.budget.measured(CLIP, 13 * 1024 * 1024);

  /** Held until five minutes from now. */
  async function holds(): Promise<void> {
    await starts();
    await t.films(6);
    const held = { ...want({ from: centreNow() - 5000, to: centreNow() + 2000 }), heldUntil: centreNow() + 300_000 };
    t.evidence.clips.hear(held, centreNow());
    await t.evidence.clips.settled();
    await t.films(4);
  }

  test('until its hold ends by the centre’s clock', async () => {
    await holds();
    fills();
    await wishes('b', 2000);
    expect(t.evidence.clips.has(CLIP)).toBe(true);
    await t.films(4);
    t.clock.passes(300_000);
    await wishes('c', 2000);
    expect(t.evidence.clips.has(CLIP)).toBe(false);
  });

  test('also while nothing was heard of the centre since the start', async () => {
    await holds();
    await wishes('b', 30_000);
    await t.films(2);
    await t.stops();
    t.source = new FakeSource();
    await starts();
    fills();
    await t.films(4);
    expect(t.evidence.clips.active).toBe(1);
    expect(t.evidence.clips.has(CLIP)).toBe(true);
  });
});
