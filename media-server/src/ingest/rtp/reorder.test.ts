import { beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../testing/manual-clock.ts';
import { Reorder } from './reorder.ts';

let clock: ManualClock;
let out: number[];
let reorder: Reorder;

beforeEach(() => {
  clock = new ManualClock();
  out = [];
  reorder = new Reorder({ clock, waitMs: 100, maxWaiting: 8, emit: (p) => out.push(p.sequence) });
});

function push(...sequences: number[]): void {
  for (const s of sequences) {
    const sequence = s & 0xffff;
    reorder.push({ marker: false, payloadType: 96, sequence, timestamp: 0, ssrc: 1, payload: Buffer.alloc(0) }, clock.now());
  }
}

test('packets come out in the order of their numbers, over the wrap', () => {
  push(65_534, 65_536, 65_535, 65_538, 65_539, 65_537);
  expect(out).toEqual([65_534, 65_535, 0, 1, 2, 3]);
  expect(clock.pending()).toEqual([]);
});

test('what comes twice comes out once', () => {
  push(1, 2, 2, 1, 4, 4, 3);
  expect(out).toEqual([1, 2, 3, 4]);
});

describe('a packet that is missing', () => {
  test('is waited for no longer than said', () => {
    push(1, 3, 4, 6);
    clock.passes(99);
    expect(out).toEqual([1]);
    clock.passes(1);
    expect(out).toEqual([1, 3, 4]);
    clock.passes(100);
    expect(out).toEqual([1, 3, 4, 6]);
    expect(clock.pending()).toEqual([]);
  });

  test('and comes after all is too late', () => {
    push(1, 3);
    clock.passes(100);
    push(2, 4);
    expect(out).toEqual([1, 3, 4]);
  });

  test('does not make more wait than may', () => {
    push(1, ...Array.from({ length: 9 }, (_, i) => i + 3));
    expect(out).toHaveLength(10);
    expect(reorder.waiting).toBe(0);
  });
});

test('a sender that begins anew elsewhere is followed, and nothing of before is lost', () => {
  push(1, 3);
  push(20_000, 20_001);
  expect(out).toEqual([1, 3, 20_000, 20_001]);
});

test.each([
  ['from long ago', 300],
  ['with a number that nobody gave', 40_000],
])('one stray packet %s changes nothing', (_what, stray) => {
  const row = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
  push(...row(1, 501), stray, ...row(501, 520), stray + 1, 520);
  expect(out).toEqual(row(1, 521));
  expect(clock.pending()).toEqual([]);
});

test('closed, it waits for nothing', () => {
  push(1, 3);
  reorder.close();
  expect(clock.pending()).toEqual([]);
  expect(reorder.waiting).toBe(0);
});

test('any order within its reach comes out right', () => {
  const sent = Array.from({ length: 400 }, (_, i) => i + 65_300);
  // Pairs and triples are swapped, as networks do.
  const mixed = sent.map((s, i) => sent[i % 3 === 0 && i + 2 < sent.length ? i + 2 : i % 3 === 2 ? i - 2 : i] ?? s);
  push(mixed[2]!, ...mixed.filter((_, i) => i !== 2));
  clock.passes(1000);
  expect(out).toEqual([...out].sort((a, b) => ((a + 1000) & 0xffff) - ((b + 1000) & 0xffff)));
  expect(out.length).toBeGreaterThan(395);
});
