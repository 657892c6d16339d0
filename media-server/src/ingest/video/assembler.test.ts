import { beforeEach, expect, test } from 'vitest';
import { idr, pps, skipP, sps } from '../../testing/h264-video.ts';
import { type AccessUnit, newCounters, type VideoTrack } from '../access-unit.ts';
import { h264Format } from '../h264/format.ts';
import { Timeline } from '../rtp/timeline.ts';
import { Assembler } from './assembler.ts';

let counters: ReturnType<typeof newCounters>;
let tracks: VideoTrack[];
let shown: AccessUnit[];

beforeEach(() => {
  counters = newCounters();
  tracks = [];
  shown = [];
});

function assembler(parameterSets: Buffer[] = []): Assembler {
  let run = 0;
  return new Assembler({
    counters,
    parameterSets,
    format: h264Format,
    timeline: new Timeline(90_000),
    nextRun: () => ++run,
    listener: { onTrack: (t) => tracks.push(t), onPicture: (p) => shown.push(p) },
  });
}

function raw(timestamp: number, ...nals: Buffer[]) {
  return { timestamp, nals, firstAt: 1000 + timestamp / 90 };
}

const AUD = Buffer.from([9, 0xf0]);
const SEI = Buffer.from([6, 5, 1, 2, 0x80]);

test('parameter sets of the description announce the stream before its first picture', () => {
  assembler([sps(), pps()]);
  expect(tracks).toHaveLength(1);
});

test('parameter sets in the stream do as well; pictures carry neither them nor delimiters, but their messages', () => {
  const a = assembler();
  a.push(raw(0, AUD, sps(), pps(), SEI, idr(1)), 0);
  expect(tracks).toHaveLength(1);
  expect(shown[0]).toMatchObject({ key: true, nals: [SEI, idr(1)] });
});

test('nothing is shown before the first key frame', () => {
  const a = assembler([sps(), pps()]);
  a.push(raw(0, skipP(1, 2)), 0);
  a.push(raw(3600, idr(1)), 0);
  expect(shown.map((p) => p.key)).toEqual([true]);
  expect(counters.skipped).toBe(1);
});

test('after a broken picture it goes on at the next key frame', () => {
  const a = assembler([sps(), pps()]);
  a.push(raw(0, idr(1)), 0);
  a.push(raw(3600), 0);
  a.push(raw(7200, skipP(1, 2)), 0);
  a.push(raw(10_800, idr(2)), 0);
  a.push(raw(14_400, skipP(1, 2)), 0);
  expect(shown.map((p) => p.ticks)).toEqual([0, 10_800, 14_400]);
  expect(counters.skipped).toBe(2);
});

test('after a picture that was lost whole it goes on at the next key frame, too', () => {
  const a = assembler([sps(), pps()]);
  a.push(raw(0, idr(1)), 0);
  a.push({ ...raw(7200, skipP(2, 4)), afterLoss: true }, 0);
  a.push(raw(10_800, skipP(3, 6)), 0);
  a.push({ ...raw(14_400, idr(2)), afterLoss: true }, 0);
  a.push(raw(18_000, skipP(1, 2)), 0);
  expect(shown.map((p) => p.ticks)).toEqual([0, 14_400, 18_000]);
});

test('the same parameter sets again change nothing; other ones make a new run at their key frame', () => {
  const a = assembler([sps(), pps()]);
  a.push(raw(0, sps(), pps(), idr(1)), 0);
  a.push(raw(3600, sps({ width: 4 }), pps(), idr(2, { width: 4 })), 0);
  expect(tracks.map((t) => t.run)).toEqual([1, 2]);
  expect(shown.map((p) => p.track.run)).toEqual([1, 2]);
});

test('broken parameter sets are counted and not believed', () => {
  const a = assembler([Buffer.from([0x67, 1, 2]), pps()]);
  a.push(raw(0, idr(1)), 0);
  expect(tracks).toEqual([]);
  expect(counters.broken).toBeGreaterThan(0);
});

test('pictures are dated', () => {
  const a = assembler([sps(), pps()]);
  a.push(raw(0, idr(1)), 0);
  a.push(raw(3600, skipP(1, 2)), 0);
  expect(shown.map((p) => p.pictureAt)).toEqual([1000, 1040]);
});

test('parameter sets of an impossible size are not kept', () => {
  const a = assembler([sps(), pps()]);
  a.push(raw(0, Buffer.concat([sps(), Buffer.alloc(5000, 1)]), Buffer.concat([pps(), Buffer.alloc(5000, 1)]), idr(1)), 1);
  expect(counters.broken).toBe(2);
  expect(shown[0]?.track.sps).toEqual(sps());
});
