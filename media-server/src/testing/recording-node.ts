/** The evidence of a node with one camera, in a folder and by a clock of its own. For test files: made anew before each test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Value } from '@sinclair/typebox/value';
import { afterEach, beforeEach } from 'vitest';
import { type Camera, MediaConfigSchema } from '../config.ts';
import { Evidence } from '../evidence/evidence.ts';
import { Hubs } from '../hub/hubs.ts';
import { silentLog } from '../lib/log.ts';
import { FakeSource } from './fake-source.ts';
import { pictures, track } from './h264-video.ts';
import { ManualClock } from './manual-clock.ts';

/** When a test begins, ms since 1970. */
export const T = 1_790_000_000_000;
export const CLIP = '0193580a-0000-7000-8000-00000000000a';
/** The stand-alone verifier. */
export const VERIFY = new URL('../../../scripts/verify.mjs', import.meta.url).pathname;

export interface RecordingOptions {
  camera?: Partial<Camera>;
  recorder?: object;
  ffmpeg?: string | undefined;
  /** Bytes that the disk has left; not given: as many as one likes. */
  diskFree?: () => number;
}

export interface RecordingNode {
  dir: string;
  clock: ManualClock;
  source: FakeSource;
  hubs: Hubs;
  evidence: Evidence;
  /** What an earlier start left is there. */
  starts(options?: RecordingOptions): Promise<void>;
  stops(): Promise<void>;
  /** So many seconds of pictures, ten a second, in real order with the clock. */
  films(seconds: number): Promise<void>;
}

const SECOND = `I${'P'.repeat(9)}`;

export function recordingNode(): RecordingNode {
  const t: RecordingNode = {
    dir: '',
    clock: new ManualClock(T),
    source: new FakeSource(),
    hubs: undefined as unknown as Hubs,
    evidence: undefined as unknown as Evidence,
    async starts({ camera = {}, recorder = {}, ffmpeg, diskFree = () => Number.POSITIVE_INFINITY } = {}) {
      const gate = { id: 'gate', name: '大门口', place: '平安村3组', area: '522328101201', householdsOf: [], url: 'rtsp://x/y', ...camera };
      const config = Value.Default(MediaConfigSchema, { cameras: [gate], dataDir: t.dir, recorder }) as never;
      t.hubs = new Hubs({ cameras: [gate], clock: t.clock, log: silentLog, lingerMs: 0, makeSource: () => t.source });
      const faults = () => ({ faults: [] });
      t.evidence = new Evidence({ config, hubs: t.hubs, ffmpeg, faults, clock: t.clock, log: silentLog, diskFree });
      await t.evidence.start();
      await t.evidence.clips.settled();
    },
    async stops() {
      await t.evidence?.close();
      await t.hubs?.close();
    },
    async films(seconds) {
      const coding = track();
      t.source.answers(coding);
      for (let s = 0; s < seconds; s++) {
        for (const p of pictures(SECOND, { fps: 10, from: Math.round((t.clock.now() - T) / 100), startAt: T, track: coding })) {
          t.clock.passes(p.arrivedAt - t.clock.now());
          t.source.sends(p);
        }
        t.clock.passes(100);
      }
      await t.evidence.clips.settled();
    },
  };

  beforeEach(() => {
    t.dir = mkdtempSync(join(tmpdir(), 'shouwang-recording-'));
    t.clock = new ManualClock(T);
    t.source = new FakeSource();
  });

  afterEach(async () => {
    await t.stops();
    rmSync(t.dir, { recursive: true, force: true });
  });
  return t;
}
