import { beforeEach, expect, test } from 'vitest';
import { Hub, type Quality } from '../hub/hub.ts';
import { silentLog } from '../lib/log.ts';
import { FakeSource } from '../testing/fake-source.ts';
import { pictures, track } from '../testing/h264-video.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { Rings } from './rings.ts';

const T = 1_790_000_000_000;

let clock: ManualClock;
let sources: Record<Quality, FakeSource>;
let rings: Rings;

beforeEach(() => {
  clock = new ManualClock(T);
  sources = { main: new FakeSource(), sub: new FakeSource() };
  let pulls: (hub: Hub, pulled: boolean) => void = () => {};
  const hub = (quality: Quality) => {
    const o = { cameraId: 'gate', quality, source: sources[quality], clock, log: silentLog, lingerMs: 0 };
    return new Hub({ ...o, onPulled: (h, pulled) => pulls(h, pulled) });
  };
  const hubs = { main: hub('main'), sub: hub('sub') };
  rings = new Rings({
    hubs: {
      get: (_id, quality = 'main') => hubs[quality],
      onPulled: (listener) => {
        pulls = listener;
      },
    },
    cameras: [{ id: 'gate' }],
    clock,
    preRollMs: 60_000,
    cameraBytes: 1e9,
    totalBytes: 1e9,
  });
  rings.start();
  for (const h of [hubs.main, hubs.sub]) h.subscribe({ onPicture: () => {} });
});

/** Pictures from one second to another; main ones belong to run 1. */
function comes(quality: Quality, fromS: number, toS: number): void {
  const coding = track(quality === 'main' ? 1 : 2);
  sources[quality].answers(coding);
  const count = (toS - fromS) * 5;
  const groups = 'IPPPP'.repeat(toS - fromS);
  sources[quality].sends(...pictures(groups, { fps: 5, from: fromS * 5, startAt: T, track: coding }).slice(0, count));
}

/** Streams of the past, with their first second and the one after their last. */
function past(fromS: number): string[] {
  const found: { run: number; from: number; to: number }[] = [];
  for (const { track: of, arrivedAt } of rings.past('gate', T + fromS * 1000)) {
    const s = (arrivedAt - T) / 1000;
    const last = found.at(-1);
    if (last?.run === of.run) last.to = s;
    else found.push({ run: of.run, from: s, to: s });
  }
  return found.map(({ run, from, to }) => `${run === 1 ? 'main' : 'sub'} ${Math.floor(from)}–${Math.ceil(to)}`);
}

test('is of the main stream where that was watched', () => {
  comes('main', 0, 10);
  comes('sub', 0, 10);
  expect(past(4)).toEqual(['main 4–10']);
});

test('is of the smaller stream where only that was', () => {
  comes('sub', 0, 10);
  expect(past(4)).toEqual(['sub 4–10']);
});

test('is of the smaller stream before and after the main one was watched', () => {
  comes('sub', 0, 5);
  comes('main', 5, 9);
  comes('sub', 9, 14);
  expect(past(2)).toEqual(['sub 2–5', 'main 5–9', 'sub 9–14']);
});

test('takes no other stream for the moment that the main one is shorter', () => {
  comes('main', 0, 10);
  comes('sub', 0, 11);
  expect(past(4)).toEqual(['main 4–10']);
});
