import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Hub } from '../../hub/hub.ts';
import { silentLog } from '../../lib/log.ts';
import { FakeSource } from '../../testing/fake-source.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { type StandIn, standIn } from '../../testing/stand-in.ts';
import { OpusEncoder } from './opus-encoder.ts';

const TRACK = { codec: 'aac' as const, sampleRate: 16_000, channels: 1, config: Buffer.from('1408', 'hex'), run: 1 };
/** Ticks of a frame at 16 kHz. */
const FRAME = 5760;

let dir: string;
let ffmpeg: StandIn;
let source: FakeSource;
let encoder: OpusEncoder;
let heard: number;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'shouwang-opus-'));
  ffmpeg = standIn(dir);
  heard = 0;
  source = new FakeSource();
  const clock = new ManualClock();
  const hub = new Hub({ cameraId: 'gate', source, clock, log: silentLog, lingerMs: 0 });
  encoder = new OpusEncoder({ hub, ffmpeg: ffmpeg.path, clock });
});
afterEach(() => {
  encoder.close();
  rmSync(dir, { recursive: true, force: true });
});

/** So many more frames, one right after the other. */
function hears(count: number): void {
  for (let i = 0; i < count; i++) {
    source.hears(TRACK, { data: Buffer.alloc(1500), ticks: heard++ * FRAME, pictureAt: 0, arrivedAt: 0, track: TRACK });
  }
}

test('one that does not keep up is begun anew, so that sound which was left out does not shift what follows; none is left', async () => {
  const more = () => {
    hears(5);
    return ffmpeg.pids().length;
  };
  await expect.poll(more, { timeout: 20_000 }).toBeGreaterThan(1);
  encoder.close();
  await expect.poll(() => ffmpeg.alive(), { timeout: 20_000 }).toEqual([]);
});
