import { Value } from '@sinclair/typebox/value';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MediaConfigSchema } from '../config.ts';
import { DiskBudget, RESERVE_BYTES } from '../evidence/disk-budget.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { Hubs } from '../hub/hubs.ts';
import { silentLog } from '../lib/log.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { FaultBook } from './fault-book.ts';
import { NodeHealth } from './node-health.ts';

const MB = 1024 * 1024;

let clock: ManualClock;
let faults: FaultBook;
let budget: DiskBudget;
let diskFreeMb: number;
let told: number;
let health: NodeHealth;

beforeEach(() => {
  clock = new ManualClock(1_790_000_000_000);
  faults = new FaultBook(() => clock.now());
  diskFreeMb = 100_000;
  told = 0;
  budget = new DiskBudget({ limit: 1000 * MB, warnAt: 0.8, diskFree: () => diskFreeMb * MB });
  const evidence = { budget, channel: { changed: () => told++ } } as unknown as Evidence;
  const config = Value.Default(MediaConfigSchema, {}) as never;
  const hubs = new Hubs({ cameras: [], clock, log: silentLog, lingerMs: 0 });
  health = new NodeHealth({ config, hubs, faults, evidence, ffmpeg: 'ffmpeg', clock, log: silentLog });
  health.start();
});

afterEach(() => health.close());

/** What is wrong with the disk at the next look. */
function found(): string[] {
  clock.passes(5000);
  return faults.told().faults.map((f) => `${f.fault} ${f.detail}`);
}

test('a budget that is nearly used up, and one that is, is a fault that is told, and so is its end', () => {
  budget.measured('a', 799 * MB);
  expect(found()).toEqual([]);
  budget.measured('a', 800 * MB);
  expect(found()).toEqual(['disk-nearly-full 800 / 1000 MB']);
  expect(told).toBe(1);
  budget.measured('a', 1000 * MB);
  expect(found()).toEqual(['disk-full 1000 / 1000 MB']);
  budget.gone('a');
  expect(found()).toEqual([]);
});

test('a disk that others fill up is a fault before clips take what is configured', () => {
  budget.measured('a', 400 * MB);
  expect(found()).toEqual([]);
  diskFreeMb = RESERVE_BYTES / MB + 100;
  expect(found()).toEqual(['disk-nearly-full 400 / 500 MB']);
  diskFreeMb = RESERVE_BYTES / MB - 1;
  expect(found()).toEqual(['disk-full 400 / 399 MB']);
  diskFreeMb = 100_000;
  expect(found()).toEqual([]);
});
