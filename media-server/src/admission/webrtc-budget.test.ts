import { describe, expect, test } from 'vitest';
import { WebRtcBudget } from './webrtc-budget.ts';

interface Worker {
  name: string;
  up: boolean;
  percent: number;
  mbit: number;
  late: boolean;
}

const worker = (name: string, over: Partial<Worker> = {}): Worker => ({ name, up: true, percent: 0, mbit: 0, late: false, ...over });
const budget = new WebRtcBudget<Worker>({ maxMbit: 100, maxWorkerPercent: 80 });
const place = (workers: Worker[], mbit = 4, home?: Worker) => budget.place(workers, (w) => w.mbit, mbit, home).name;

describe('a viewer', () => {
  test('goes to the worker that sends least', () => {
    expect(place([worker('a', { mbit: 8 }), worker('b', { mbit: 4 })])).toBe('b');
  });

  test('goes where its camera is already, unless that one sends much more', () => {
    const a = worker('a', { mbit: 8 });
    expect(place([a, worker('b')], 4, a)).toBe('a');
    const full = worker('a', { mbit: 40 });
    expect(place([full, worker('b')], 4, full)).toBe('b');
  });

  test('never goes to a worker that is down, busy or behind', () => {
    const b = worker('b', { percent: 85 });
    expect(place([worker('a', { up: false }), b, worker('c', { mbit: 50 }), worker('d', { late: true })])).toBe('c');
  });

  test('is refused when the bits are spent, when all are busy, and when none runs: each with its code', () => {
    expect(() => place([worker('a', { mbit: 98 })])).toThrow('WEBRTC_FULL: webrtc.maxMbit');
    expect(() => place([worker('a', { percent: 90 })])).toThrow('WEBRTC_FULL: every worker is busy');
    expect(() => place([worker('a', { late: true })])).toThrow('WEBRTC_FULL: every worker is busy');
    expect(() => place([worker('a', { up: false })])).toThrow('WHEP_REFUSED');
  });

  test('counts against a worker that was last asked before many came', () => {
    const crowded = new WebRtcBudget<Worker>({ maxMbit: 1000, maxWorkerPercent: 80 });
    expect(() => crowded.place([worker('a', { mbit: 280, percent: 1 })], (w) => w.mbit, 4, undefined)).toThrow('WEBRTC_FULL');
  });
});
