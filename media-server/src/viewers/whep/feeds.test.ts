import { EventEmitter } from 'node:events';
import { beforeEach, expect, test } from 'vitest';
import { Hub } from '../../hub/hub.ts';
import { silentLog } from '../../lib/log.ts';
import { FakeSource } from '../../testing/fake-source.ts';
import { pictures, track } from '../../testing/h264-video.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { Feeds, type Seat } from './feeds.ts';
import type { RelayRouter, RelayWorker } from './relay-worker.ts';

let clock: ManualClock;
let source: FakeSource;
let hub: Hub;
let use: number;
let worker: Pick<RelayWorker, 'up' | 'gave'> & { late: boolean; full: boolean };
/** Packets that each producer was given, by its id. */
let sent: Map<string, number>;
let router: RelayRouter;

beforeEach(() => {
  clock = new ManualClock();
  source = new FakeSource();
  hub = new Hub({ cameraId: 'gate', source, clock, log: silentLog, lingerMs: 0 });
  use = 0;
  sent = new Map();
  const produce = async () => {
    const id = `p${sent.size}`;
    const observer = new EventEmitter();
    sent.set(id, 0);
    return { id, observer, send: () => sent.set(id, sent.get(id)! + 1), close: () => observer.emit('close') };
  };
  worker = { up: true, late: false, full: false, gave: () => {} };
  router = { worker, input: { produce }, keyAsked: new Map() } as unknown as RelayRouter;
  hub.subscribe({ onPicture: () => {} });
  source.answers(track());
  source.sends(...pictures('IPP'));
});

async function joins(feeds: Feeds, count: number): Promise<Seat[]> {
  const seats: Seat[] = [];
  for (let i = 0; i < count; i++) {
    const seat = await feeds.join(hub, router, 108);
    seat.start();
    seats.push(seat);
  }
  return seats;
}

const make = (ownFeeds = 32) => new Feeds({ clock, ownFeeds, threadUse: () => use });

test('the thirtieth viewer too begins with the pictures since the last key frame', async () => {
  const seats = await joins(make(), 30);
  expect(new Set(seats.map((s) => s.producerId)).size).toBe(30);
  expect(sent.get(seats[29]!.producerId)).toBeGreaterThanOrEqual(3);
});

test('while the thread is busy the next ones share what is there', async () => {
  const feeds = make();
  const [first] = await joins(feeds, 1);
  use = 0.9;
  const [second] = await joins(feeds, 1);
  expect(second!.producerId).toBe(first!.producerId);
  use = 0.1;
  const [third] = await joins(feeds, 1);
  expect(third!.producerId).not.toBe(first!.producerId);
});

test('while the worker is behind the next ones share what is there', async () => {
  const feeds = make();
  const [first] = await joins(feeds, 1);
  worker.late = true;
  const [second] = await joins(feeds, 1);
  expect(second!.producerId).toBe(first!.producerId);
});

test('the first viewer of a camera has a feed however busy it is', async () => {
  use = 1;
  const [only] = await joins(make(), 1);
  expect(sent.get(only!.producerId)).toBeGreaterThanOrEqual(3);
});

test('no camera has more than it may; a feed ends with the last who shares it', async () => {
  const seats = await joins(make(2), 4);
  expect(sent.size).toBe(2);
  const [a, , shared] = seats;
  expect(shared!.producerId).toBe(a!.producerId);
  a!.leave();
  const before = sent.get(a!.producerId)!;
  source.sends(...pictures('P', { from: 3 }));
  expect(sent.get(a!.producerId)).toBeGreaterThan(before);
  shared!.leave();
  const after = sent.get(a!.producerId)!;
  source.sends(...pictures('P', { from: 4 }));
  expect(sent.get(a!.producerId)).toBe(after);
});
