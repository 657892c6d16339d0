import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { AccessUnit } from '../../ingest/access-unit.ts';
import { pictures, track } from '../../testing/h264-video.ts';
import { Segmenter } from './segmenter.ts';

const dir = mkdtempSync(join(tmpdir(), 'shouwang-hls-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function segmenter(windowS = 16, targetS = 2): Segmenter {
  return new Segmenter({ partMs: 500, windowS, targetS, onChange: () => {} });
}

function pushed(all: readonly AccessUnit[], windowS?: number): Segmenter {
  const s = segmenter(windowS);
  for (const p of all) s.push(p);
  return s;
}

/** Two seconds a key frame at 25 pictures a second. */
const GOP = `I${'P'.repeat(49)}`;

interface Probed {
  nb_read_frames: string;
  width: number;
  height: number;
  has_b_frames: number;
}

/** What ffprobe, which shares no code with us, makes of init section and segments. */
function probe(bytes: Buffer[]): { stream: Probed; packets: { pts: number; dts: number; key: boolean }[] } {
  const file = join(dir, 'out.mp4');
  writeFileSync(file, Buffer.concat(bytes));
  const run = (...args: string[]) =>
    JSON.parse(execFileSync('ffprobe', ['-v', 'error', ...args, '-of', 'json', file], { encoding: 'utf8' }));
  const [stream] = run('-count_frames', '-show_entries', 'stream=nb_read_frames,width,height,has_b_frames').streams;
  const { packets } = run('-show_entries', 'packet=pts,dts,flags');
  return {
    stream,
    packets: packets.map((p: { pts: number; dts: number; flags: string }) => ({ ...p, key: p.flags.startsWith('K') })),
  };
}

function whole(s: Segmenter, ...sequences: number[]): Buffer[] {
  return [s.init(s.segment(sequences[0]!)!.init)!.bytes, ...sequences.flatMap((n) => s.segment(n)!.parts.map((p) => p.bytes))];
}

describe('segments', () => {
  test('begin at key frames; the first one is short so that players can begin', () => {
    const s = pushed(pictures(`${GOP}${GOP}${GOP}IP`));
    expect(s.segments.filter((x) => x.complete).map((x) => Math.round(x.durationS * 100) / 100)).toEqual([0.72, 1.28, 2, 2]);
    expect(s.segments.map((x) => x.independent)).toEqual([true, false, true, true, true]);
  });

  test('of what was cached are one, but for a part to go on with', () => {
    const s = segmenter();
    s.replay(pictures(GOP));
    expect(s.segments.map((x) => [x.complete, x.parts.length])).toEqual([
      [true, 3],
      [false, 1],
    ]);
  });

  test('have parts of the target length, all but the last ones', () => {
    const [, , third] = pushed(pictures(`${GOP}${GOP}IP`)).segments;
    expect(third!.parts.map((p) => Math.round(p.durationS * 100) / 100)).toEqual([0.48, 0.48, 0.48, 0.48, 0.08]);
    expect(third!.parts.map((p) => p.independent)).toEqual([true, false, false, false, false]);
  });

  test('have parts of the target length also where the second picture was late', () => {
    const [first, ...others] = pictures(`${GOP}${GOP}IP`);
    const s = pushed([first!, ...others.map((p) => ({ ...p, ticks: p.ticks + 70_000 }))]);
    expect(s.partTargetS).toBe(0.5);
    for (const part of s.segments.flatMap((x) => x.parts)) expect(part.durationS).toBeLessThanOrEqual(0.5);
  });

  test('of a camera with a key frame in every picture still last a second', () => {
    const s = pushed(pictures('I'.repeat(80)));
    expect(s.segments.filter((x) => x.complete && x.sequence > 1).every((x) => x.durationS > 0.85)).toBe(true);
  });

  test('know when their first picture was taken', () => {
    const s = pushed(pictures(`${GOP}${GOP}IP`, { startAt: 1_790_000_000_000 }));
    expect(s.segments.map((x) => x.pictureAt - 1_790_000_000_000)).toEqual([0, 720, 2000, 4000]);
  });

  test('older than the window go, some beyond it stay for players that are behind', () => {
    const s = pushed(pictures(`${GOP.repeat(20)}IP`), 6);
    expect(s.segments[0]!.sequence).toBe(12);
    expect(s.segment(11)).toBeUndefined();
    expect(s.segment(20)?.complete).toBe(true);
  });
});

describe('what ffprobe reads', () => {
  test('is every picture, with its times, across segments', () => {
    const s = pushed(pictures(`${GOP}${GOP}IP`));
    const { stream, packets } = probe(whole(s, 0, 1, 2));
    expect(stream).toMatchObject({ nb_read_frames: '100', width: 32, height: 32 });
    expect(packets.map((p) => p.pts)).toEqual(packets.map((_, i) => i * 3600));
    expect(packets.filter((p) => p.dts !== p.pts)).toEqual([]);
    expect(packets.flatMap((p, i) => (p.key ? [i] : []))).toEqual([0, 50]);
  });

  test('is every picture of a stream with B pictures, none shown before it is decoded', () => {
    const gop = `I${'BBP'.repeat(16)}`;
    const s = pushed(pictures(`${gop}${gop}IPPP`, { track: track(1, { reorderFrames: 1 }) }));
    const { stream, packets } = probe(whole(s, 0, 1, 2));
    expect(stream.nb_read_frames).toBe('98');
    expect(packets.every((p) => p.pts >= p.dts)).toBe(true);
    expect(packets.every((p, i) => i === 0 || p.dts > packets[i - 1]!.dts)).toBe(true);
    const shown = packets.map((p) => p.pts).sort((a, b) => a - b);
    expect(shown.map((p) => p - shown[0]!)).toEqual(shown.map((_, i) => i * 3600));
  });

  test('is a picture of the new size after the camera’s was changed', () => {
    const big = { width: 6, height: 4 };
    const s = pushed([...pictures(`${GOP}${GOP}`), ...pictures(`${GOP}IP`, { from: 100, shape: big, track: track(2, big) })]);
    const changed = s.segments.find((x) => x.discontinuity)!;
    expect(changed.init).toBe(1);
    const { stream } = probe(whole(s, changed.sequence));
    expect(stream).toMatchObject({ nb_read_frames: '50', width: 96, height: 64 });
  });
});

describe('a camera that came back', () => {
  test('goes on after a discontinuity, with the same init section', () => {
    const s = pushed([...pictures(`${GOP}${GOP}PPP`), ...pictures(`${GOP}IP`, { from: 90_000, track: track(2) })]);
    const after = s.segments.find((x) => x.discontinuity)!;
    expect(after).toMatchObject({ init: 0, independent: true });
    const { packets } = probe(whole(s, 0, 1, 2, after.sequence));
    expect(packets.map((p) => p.dts)).toEqual(packets.map((_, i) => i * 3600));
  });

  test('discontinuities that fell out of the window are counted', () => {
    const s = pushed([...pictures(GOP), ...pictures(`${GOP.repeat(12)}IP`, { from: 90_000, track: track(2) })], 6);
    expect(s.discontinuitySequence).toBe(1);
  });
});

test('a camera that sends no further key frame does not fill the memory', () => {
  const s = segmenter();
  const [key, ...rest] = pictures(`I${'P'.repeat(15_000)}`);
  s.push(key!);
  let changes = 0;
  for (const p of rest) {
    s.push(p);
    changes = Math.max(
      changes,
      s.segments.reduce((sum, x) => sum + x.parts.length, 0),
    );
  }
  // Ten minutes went by.
  expect(changes).toBeLessThan(400);
  expect(s.segments.at(-1)!.independent).toBe(false);
});
