import { beforeEach, expect, test } from 'vitest';
import { AudioLane } from './audio-lane.ts';

const RATE = 16_000;
const FRAME = 1024;
/** 90 kHz ticks of a part. */
const PART = 18_000;

let lane: AudioLane;
/** Parts so far. */
let parts: number;
/** What came out: `x`, or silence; a letter a frame. */
let out: string;

beforeEach(() => {
  lane = new AudioLane({ sampleRate: RATE, channels: 1, config: Buffer.from('1408', 'hex') });
  parts = 0;
  out = '';
});

/** The next part; gives how far the sound is behind the pictures at its end, s. */
function takes(): number {
  const sound = lane.take(parts * PART, ++parts * PART);
  for (const frame of sound?.frames ?? []) out += frame.length === 1 ? 'x' : '.';
  return (parts * PART) / 90_000 - (out.length * FRAME) / RATE;
}

/** Sound from one moment to another, s. */
function says(from: number, to: number): void {
  for (let at = Math.ceil((from * RATE) / FRAME); at * FRAME < to * RATE; at++) lane.push(Buffer.alloc(1), (at * FRAME * 90_000) / RATE);
}

test('of a microphone that never says a word is as long as the pictures, in every part', () => {
  for (let i = 0; i < 20; i++) expect(takes()).toBeLessThanOrEqual(0);
  expect(out).toMatch(/^\.+$/);
});

test('that comes is waited for, for a little', () => {
  says(0, 0.2);
  takes();
  expect(takes()).toBeGreaterThan(0.1);
  says(0.2, 0.5);
  takes();
  for (let i = 0; i < 4; i++) takes();
  expect(out).toMatch(/^x{8}\.+$/);
  expect(takes()).toBeLessThanOrEqual(0.4);
});

test('that has gone is silence as long as the pictures, and is heard again where it belongs', () => {
  says(0, 0.2);
  for (let i = 0; i < 12; i++) takes();
  expect(takes()).toBeLessThanOrEqual(0);
  const before = (parts * PART) / 90_000;
  says(before, before + 0.2);
  takes();
  expect(Math.abs((out.indexOf('x', 5) * FRAME) / RATE - before)).toBeLessThan(0.13);
  expect(out).toMatch(/^x+\.+x+$/);
});
