import { describe, expect, test } from 'vitest';
import { pictures, type StreamOptions, track } from '../../testing/h264-video.ts';
import { Timeline } from './timeline.ts';

const FRAME = 3600;

function run(pattern: string, options: StreamOptions = {}) {
  const t = new Timeline();
  const out = pictures(pattern, options).flatMap((p) => t.push(p));
  return [...out, ...t.flush()];
}

function inFrames(out: ReturnType<typeof run>) {
  return out.map((s) => ({ dts: s.dts / FRAME, pts: (s.dts + s.offset) / FRAME, duration: s.duration / FRAME }));
}

describe('pictures in order', () => {
  test('are decoded when they are shown, and wait for nothing but the next one', () => {
    const t = new Timeline();
    const [a, b, c] = pictures('IPP');
    expect(t.push(a!)).toEqual([]);
    expect(t.push(b!)).toHaveLength(1);
    expect(t.push(c!)).toHaveLength(1);
    expect(inFrames(run('IPPP'))).toEqual([0, 1, 2, 3].map((n) => ({ dts: n, pts: n, duration: 1 })));
  });

  test('keep uneven distances', () => {
    const t = new Timeline();
    const all = pictures('IPPP');
    all[2]!.ticks += 500;
    const out = all.flatMap((p) => t.push(p));
    expect(out.map((s) => s.duration)).toEqual([3600, 4100, 3100]);
  });
});

describe('B pictures', () => {
  const told = track(1, { reorderFrames: 1 });

  test.each([
    ['that the camera announces', told],
    ['that it does not announce', track(1, {})],
  ])('%s: decode times rise, nothing is shown before it is decoded, times of showing are kept', (_what, t) => {
    const out = inFrames(run('IBBPBBPIBBPBBP', { track: t }));
    const later = out.slice(6);
    for (const [i, s] of out.entries()) if (i > 0) expect(s.dts).toBeGreaterThan(out[i - 1]!.dts);
    for (const s of later) expect(s.pts).toBeGreaterThanOrEqual(s.dts);
    const shown = out.map((s) => s.pts).sort((a, b) => a - b);
    expect(shown.map((p) => Math.round(p - shown[0]!))).toEqual(shown.map((_, i) => i));
  });

  test('before a key frame in showing (open group) go on without a break', () => {
    const all = pictures('IBBP', { track: told });
    const [i, ...rest] = pictures('BBIBBP', { from: 4, track: told });
    const t = new Timeline();
    const out = inFrames([...all, i!, ...rest].flatMap((p) => t.push(p)).concat(t.flush()));
    expect(out.map((s) => s.duration).every((d) => d > 0 && d < 3)).toBe(true);
    expect(out).toHaveLength(10);
  });
});

describe('a break', () => {
  test('is another run, or a jump of seconds', () => {
    const t = new Timeline();
    const [a] = pictures('I');
    t.push(a!);
    expect(t.breaks(pictures('P', { from: 1 })[0]!)).toBe(false);
    expect(t.breaks(pictures('I', { from: 1, track: track(2) })[0]!)).toBe(true);
    expect(t.breaks(pictures('P', { from: 1000 })[0]!)).toBe(true);
    expect(t.breaks(pictures('P', { from: -1000 })[0]!)).toBe(true);
  });

  test('leaves no hole: the next run follows at once', () => {
    const t = new Timeline();
    const before = [...pictures('IPP').flatMap((p) => t.push(p)), ...t.flush()];
    const after = [...pictures('IPP', { from: 5000, track: track(2) }).flatMap((p) => t.push(p)), ...t.flush()];
    const last = before.at(-1)!;
    expect(after[0]!.dts).toBe(last.dts + last.duration);
  });
});
