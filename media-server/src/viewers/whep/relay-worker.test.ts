import { EventEmitter } from 'node:events';
import { beforeEach, expect, test } from 'vitest';
import { silentLog } from '../../lib/log.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { type Mediasoup, RelayWorker } from './relay-worker.ts';

/** A process that answers when the test says so. Nobody has its number. */
class FakeWorker extends EventEmitter {
  readonly pid = 999_999_999;
  readonly asked: ((use: object) => void)[] = [];
  readonly dumped = Promise.withResolvers<object>();
  closed = false;

  async createWebRtcServer() {
    return { dump: () => this.dumped.promise };
  }

  getResourceUsage(): Promise<object> {
    return new Promise((resolve) => this.asked.push(resolve));
  }

  close(): void {
    this.closed = true;
  }
}

const CONFIG = { host: '127.0.0.1', port: 0, announcedAddress: '', workers: 1, workerBin: '', iceServers: [] };
let clock: ManualClock;
let made: FakeWorker[];
let worker: RelayWorker;
let died: number;

beforeEach(() => {
  clock = new ManualClock();
  made = [];
  died = 0;
  const createWorker = async () => {
    made.push(new FakeWorker());
    return made.at(-1);
  };
  worker = new RelayWorker({
    index: 0,
    config: { ...CONFIG, maxMbit: 200, maxWorkerPercent: 85, retryAfterS: 60, ownFeeds: 4 },
    bin: '',
    mediasoup: { createWorker, version: '3' } as unknown as Mediasoup,
    clock,
    log: silentLog,
    onDied: () => {
      died++;
    },
  });
});

const turn = () => new Promise((resolve) => setImmediate(resolve));

async function starts(): Promise<FakeWorker> {
  const starting = worker.start();
  await turn();
  made.at(-1)!.dumped.resolve({ udpSockets: [], tcpServers: [] });
  await starting;
  return made.at(-1)!;
}

async function answers(of: FakeWorker, usedMs = 0): Promise<void> {
  for (const answer of of.asked.splice(0)) answer({ ru_utime: usedMs, ru_stime: 0 });
  await turn();
}

test('is behind while a question waits for a second, and until one does not', async () => {
  const process = await starts();
  clock.passes(500);
  clock.passes(900);
  expect(worker.late).toBe(false);
  clock.passes(100);
  expect(worker.late).toBe(true);
  expect(process.asked).toHaveLength(1);
  await answers(process);
  expect(worker.late).toBe(true);
  clock.passes(500);
  await answers(process);
  expect(worker.late).toBe(false);
});

test('is full with a megabyte that it has not taken in, as its answers tell, and behind when that lasts', async () => {
  const process = await starts();
  worker.gave(100_000);
  expect(process.asked).toHaveLength(0);
  worker.gave(100_000);
  expect(process.asked).toHaveLength(1);
  worker.gave(1_000_000);
  expect([process.asked.length, worker.full]).toEqual([1, true]);
  await answers(process);
  // It has taken in what it was given before that question; the next one was asked at once.
  expect([process.asked.length, worker.full]).toEqual([1, false]);
  worker.gave(200_000);
  expect(worker.full).toBe(true);
  await answers(process);
  expect(worker.full).toBe(false);
  await answers(process);
  for (let i = 0; i < 2; i++) {
    expect(worker.late).toBe(false);
    worker.gave(1_100_000);
    await answers(process);
    worker.gave(1_100_000);
    clock.passes(500);
  }
  expect(worker.late).toBe(true);
  await answers(process);
  await answers(process);
  clock.passes(500);
  expect(worker.late).toBe(false);
});

test('is not behind because this process slept', async () => {
  const process = await starts();
  clock.passes(500);
  clock.sleeps(20_000);
  expect(worker.late).toBe(false);
  clock.passes(0);
  await answers(process);
  clock.passes(500);
  expect([worker.late, died]).toEqual([false, 0]);
});

test('that answers nothing for twelve seconds is replaced; one that answers late is not', async () => {
  const process = await starts();
  for (let i = 0; i < 4; i++) {
    clock.passes(500);
    clock.passes(11_000);
    await answers(process);
  }
  expect(died).toBe(0);
  clock.passes(500);
  clock.passes(12_000);
  expect([died, process.closed, worker.up]).toEqual([1, true, false]);
  clock.passes(30_000);
  await turn();
  expect(made).toHaveLength(2);
});

test('knows how busy it is, over seconds', async () => {
  const process = await starts();
  for (let ms = 0; ms <= 10_000; ms += 500) {
    clock.passes(500);
    await answers(process, ms / 4);
  }
  expect(worker.percent).toBeCloseTo(25);
});

test('that dies while it starts is started once more, not twice', async () => {
  worker.startLater();
  clock.passes(200);
  await turn();
  made[0]!.emit('died', new Error('killed'));
  made[0]!.dumped.reject(new Error('closed'));
  await turn();
  for (let i = 0; i < 2; i++) {
    clock.passes(5000);
    await turn();
  }
  expect(made).toHaveLength(2);
});
