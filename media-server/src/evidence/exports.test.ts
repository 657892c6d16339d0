/** Exports of one viewer session, made by a program in ffmpeg's place. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { CLIP, recordingNode } from '../testing/recording-node.ts';
import { standIn } from '../testing/stand-in.ts';

const t = recordingNode();
const TEN_MINUTES = 600_000;

/** In its place: writes the name of the file that it is given into the one that it makes; fails while there is a file `broken`. */
beforeEach(async () => {
  const script = `[ -e ${t.dir}/broken ] && exit 1
for output; do :; done
while [ "$1" != -i ]; do shift; done
cat > /dev/null
echo "$2" > "$output"`;
  await t.starts({ ffmpeg: standIn(t.dir, script).path, camera: { preRoll: 'always' }, recorder: { lateS: 3 } });
});

/** A clip of which the time before is there. */
async function begun(): Promise<void> {
  await t.films(8);
  const now = t.clock.now();
  const want = { clipId: CLIP, caseNo: '20261123-0007', cameraId: 'gate', from: now - 5000, to: now + 5000, wanted: 'kept' as const };
  t.evidence.clips.hear(want, now);
  await t.evidence.clips.settled();
}

function asks() {
  const { mp4, manifest, want } = t.evidence.clips.part(CLIP, 1);
  return t.evidence.exports.begin('view', { clipId: CLIP, n: 1, mp4, manifest, caseNo: want.caseNo, viewer: 'operator:zhiban', masks: [] });
}

const state = () => t.evidence.exports.progress('view', CLIP, 1).state;
const file = () => t.evidence.exports.file('view', CLIP, 1);

test('of the time before the press is not given for the whole clip', async () => {
  await begun();
  await asks();
  await expect.poll(state).toBe('ready');
  expect(readFileSync(file(), 'utf8')).toContain('/0.mp4');
  await t.films(7);
  expect(await asks()).toMatchObject({ state: 'running', percent: 0 });
  await expect.poll(state).toBe('ready');
  expect(readFileSync(file(), 'utf8')).toContain('/1.mp4');
  expect(await asks()).toMatchObject({ state: 'ready', percent: 100 });
});

test('that failed is begun anew, and kept for ten minutes of its own', async () => {
  await begun();
  writeFileSync(join(t.dir, 'broken'), '');
  await asks();
  await expect.poll(state).toBe('failed');
  t.clock.passes(TEN_MINUTES - 1000);
  await t.evidence.clips.settled();
  rmSync(join(t.dir, 'broken'));
  await asks();
  await expect.poll(state).toBe('ready');
  const path = file();
  t.clock.passes(TEN_MINUTES - 1000);
  expect(existsSync(path)).toBe(true);
  t.clock.passes(1000);
  expect(existsSync(path)).toBe(false);
  expect(state).toThrow('CLIP_UNKNOWN');
});
