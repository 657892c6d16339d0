/** Which time a clip has, where its wish comes late or the node's clock is wrong. */
import type { ClipReported, ClipWanted } from '@shouwang/protocol';
import { expect, test } from 'vitest';
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
