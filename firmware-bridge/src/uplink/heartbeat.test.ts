import { isValid } from '@shouwang/protocol/validators';
import { beforeEach, expect, it } from 'vitest';
import { knowsTime } from '../known-time.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { createHeartbeat, type Health, type Heartbeat } from './heartbeat.ts';

let clock: FakeClock;
let health: Health;
let neighbourhood: string | undefined;
let beats: { at: number; neighbourhood: string | undefined }[];
let heartbeat: Heartbeat;

beforeEach(() => {
  clock = new FakeClock();
  health = { outbox: true, keys: true, time: true, waiting: 0, config: 0, faults: [] };
  neighbourhood = 'a'.repeat(64);
  beats = [];
  heartbeat = createHeartbeat({
    clock,
    random: () => 1,
    everyMs: 60_000,
    version: '1',
    health: () => ({ ...health }),
    neighbourhood: async () => neighbourhood,
    publish: () => beats.push({ at: clock.mono(), neighbourhood: heartbeat.status(true).neighbourhood }),
  });
});
/** Time passes, and what waits for a promise goes on. */
async function passes(ms: number): Promise<void> {
  clock.passes(ms);
  for (let i = 0; i < 5; i++) await Promise.resolve();
}

it('comes at the latest every interval, and not after the connection is gone', async () => {
  heartbeat.connected();
  for (let i = 0; i < 3; i++) await passes(60_000);
  expect(beats.map((b) => b.at)).toEqual([60_000, 120_000, 180_000]);
  heartbeat.disconnected();
  await passes(600_000);
  expect(beats).toHaveLength(3);
  expect(clock.armed).toBe(0);
});

it('tells the box’s health and neighbourhood; the last will tells neither', async () => {
  await heartbeat.refresh();
  const status = heartbeat.status(true);
  expect(isValid('BoxStatus', status)).toBe(true);
  expect(status).toMatchObject({ online: true, version: '1', health, neighbourhood });
  expect(heartbeat.status(false)).toEqual({ online: false, at: clock.now(), version: '1' });
});

it('comes soon when the health changes, once, and at most every 5 s', async () => {
  heartbeat.connected();
  await passes(1000);
  health.keys = false;
  heartbeat.look();
  heartbeat.look();
  await passes(3999);
  expect(beats).toEqual([]);
  await passes(1);
  expect(beats.map((b) => b.at)).toEqual([5000]);
  health.faults = ['keys'];
  heartbeat.look();
  await passes(5000);
  heartbeat.look();
  await passes(5000);
  expect(beats.map((b) => b.at)).toEqual([5000, 10_000]);
  await passes(55_000);
  expect(beats.map((b) => b.at)).toEqual([5000, 10_000, 70_000]);
});

it('does not hurry for a message that waits', async () => {
  heartbeat.connected();
  health.waiting = 7;
  heartbeat.look();
  await passes(59_999);
  expect(beats).toEqual([]);
});

it('brings a gateway that was not known at the connect', async () => {
  neighbourhood = undefined;
  await heartbeat.refresh();
  neighbourhood = 'b'.repeat(64);
  heartbeat.connected();
  await passes(0);
  await passes(5000);
  expect(beats).toEqual([{ at: 5000, neighbourhood: 'b'.repeat(64) }]);
});

it('of a box that was booted in 1970 says that it does not know the time', () => {
  expect([0, 86_400_000, clock.now()].map(knowsTime)).toEqual([false, false, true]);
});
