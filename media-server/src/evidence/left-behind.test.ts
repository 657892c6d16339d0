/** A node that stops leaves no ffmpeg behind, whatever was begun at the last moment. */
import { readFile } from 'node:fs/promises';
import { beforeEach, expect, test } from 'vitest';
import { pictures } from '../testing/h264-video.ts';
import { CLIP, recordingNode, T } from '../testing/recording-node.ts';
import { type StandIn, standIn } from '../testing/stand-in.ts';

const t = recordingNode();
const MASK = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };

let ffmpeg: StandIn;
beforeEach(() => {
  ffmpeg = standIn(t.dir);
});

/** A clip of two seconds, whose end has just come. */
async function films(): Promise<void> {
  t.evidence.clips.hear({ clipId: CLIP, caseNo: '20261123-0007', cameraId: 'gate', from: T, to: T + 2000, wanted: 'kept' }, T);
  await t.evidence.clips.settled();
  const all = pictures(`I${'P'.repeat(24)}`.repeat(2), { startAt: T });
  t.source.answers(all[0]!.track);
  for (const picture of all) {
    t.clock.passes(picture.arrivedAt - t.clock.now());
    t.source.sends(picture);
  }
  t.clock.passes(5000);
}

test('an export of which nothing runs yet', async () => {
  await t.starts({ ffmpeg: ffmpeg.path });
  await films();
  await t.evidence.clips.settled();
  const { mp4, manifest, want } = t.evidence.clips.part(CLIP, 1);
  const wish = { clipId: CLIP, n: 1, mp4, manifest, caseNo: want.caseNo, viewer: 'operator:zhiban', masks: [] };
  await t.evidence.exports.begin('view', wish);
  await t.stops();
  // As long as it takes to begin.
  for (let i = 0; i < 20; i++) await readFile(manifest);
  expect(t.clock.pending()).toEqual([]);
  expect(ffmpeg.alive()).toEqual([]);
});

test('a masked copy of a clip that is finished while the node stops', async () => {
  await t.starts({ ffmpeg: ffmpeg.path, camera: { masks: [MASK] } });
  await films();
  await t.stops();
  await expect.poll(() => t.clock.pending(), { timeout: 10_000 }).toEqual([]);
  expect(ffmpeg.alive()).toEqual([]);
});
