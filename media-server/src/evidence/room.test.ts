/** Room for clips: what is kept free for those that are recorded, whose turn it is to go, and when nothing is left. */
import { beforeEach, expect, test } from 'vitest';
import { DiskBudget, RESERVE_BYTES } from './disk-budget.ts';
import { Room } from './room.ts';

const MB = 1024 * 1024;
const LIMIT_MB = 4000;

let budget: DiskBudget;
let room: Room;
/** Finished ones, oldest first. */
let there: { clipId: string; heldUntil?: number }[];
let recorded: string[];
let gone: string[];
let diskFreeMb: number;

beforeEach(() => {
  diskFreeMb = Number.POSITIVE_INFINITY;
  budget = new DiskBudget({ limit: LIMIT_MB * MB, warnAt: 0.8, diskFree: () => diskFreeMb * MB });
  there = [];
  recorded = [];
  gone = [];
  room = new Room({
    budget,
    centreNow: () => 1_790_000_000_000,
    clips: () => [
      ...there.map((c, i) => ({ heldUntil: undefined, ...c, from: i, active: false })),
      ...recorded.map((clipId) => ({ clipId, from: 1000, active: true, heldUntil: undefined })),
    ],
    recorded: () => recorded,
    drop: async (clipId) => {
      gone.push(clipId);
      there = there.filter((c) => c.clipId !== clipId);
      budget.gone(clipId);
      diskFreeMb += 50;
    },
  });
});

/** Clips of 50 MB. */
function hasClips(names: string[], held: object = {}): void {
  for (const clipId of names) {
    there.push({ clipId, ...held });
    budget.measured(clipId, 50 * MB);
  }
}
const named = (n: number) => Array.from({ length: n }, (_, i) => `c${i}`);
const HELD = { heldUntil: Number.POSITIVE_INFINITY };

/** Writes so much to each that is recorded, a megabyte at a time. */
async function records(mb: number): Promise<void> {
  for (let i = 0; i < mb; i++)
    for (const clipId of recorded) {
      budget.measured(clipId, budget.of(clipId) + MB);
      room.check();
      // What goes is gone before the next key frame.
      for (let j = 0; j < 10; j++) await Promise.resolve();
    }
}

test('three that begin at the same moment on a full budget are recorded whole; what goes is the oldest', async () => {
  hasClips(named(80));
  recorded = ['x', 'y', 'z'];
  await Promise.all(recorded.map(() => room.make()));
  await records(46);
  expect(gone).toEqual(named(gone.length));
  expect(gone.length).toBeLessThanOrEqual(8);
  expect(budget.free).toBeGreaterThan(0);
});

test('a large one is recorded whole, at whatever cost to older ones', async () => {
  hasClips(named(80));
  recorded = ['x'];
  await room.make();
  await records(600);
  expect(budget.of('x')).toBe(600 * MB);
  expect(budget.free).toBeGreaterThan(0);
});

test('nothing goes while there is room', async () => {
  hasClips(named(70));
  recorded = ['x', 'y'];
  await room.make();
  await records(46);
  expect(gone).toEqual([]);
});

test('only where held ones are left is the disk full', async () => {
  hasClips(named(79), HELD);
  hasClips(['free']);
  recorded = ['x'];
  await room.make();
  await records(49);
  expect(gone).toEqual(['free']);
  await expect(records(1)).rejects.toThrow('DISK_FULL');
});

test('a clip of which nothing is on disk makes no room, and stays', async () => {
  there.push({ clipId: 'failed' });
  hasClips(named(80));
  recorded = ['x'];
  await room.make();
  expect(gone).not.toContain('failed');
  expect(gone[0]).toBe('c0');
});

test('where the disk has less than the budget, that is what clips may take', async () => {
  hasClips(named(20));
  diskFreeMb = RESERVE_BYTES / MB + 10;
  recorded = ['x'];
  await room.make();
  expect(budget.limit).toBe(1010 * MB);
  expect(gone).toEqual(['c0', 'c1', 'c2']);
  await records(46);
  expect(gone).toEqual(['c0', 'c1', 'c2']);
});
