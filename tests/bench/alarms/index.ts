/**
 * Alarms in a storm: our centre against the same centre behind mosquitto, one after the other in one run, with the same generator, the same
 * disk and the same durable ingest. `--runs N` repeats every case and gives medians of the runs.
 */
import { readFileSync } from 'node:fs';
import { percentile, type Report } from '../report.ts';
import { ConsoleFeed } from './console-feed.ts';
import { groupCommit, rawFsync } from './limit.ts';
import { Swarm } from './swarm.ts';
import { OPERATOR, SYSTEMS, type System, type SystemName, startSystem } from './systems.ts';

const RUNS = 3;
/** After so long an alarm that nobody answered is lost. ms */
const LOST_AFTER_MS = 60_000;
const STEADY_PER_S = 1000;
const STEADY_S = 10;
const IDLE = 10_000;

interface Storm {
  case: string;
  boxes: number;
  /** Sends every alarm; resolves when the last one was sent. */
  send(swarm: Swarm): Promise<void>;
  alarms: number;
}

const STORMS: readonly Storm[] = [
  { case: 'storm-1kx10', boxes: 1000, alarms: 10_000, send: atOnce },
  { case: 'storm-10kx1', boxes: 10_000, alarms: 10_000, send: atOnce },
  { case: 'steady-1000', boxes: 1000, alarms: STEADY_PER_S * STEADY_S, send: steadily },
];

/** What one run of one case on one system gave, by metric. */
type Figures = Record<string, number>;

export async function run(report: Report, options: { runs?: number } = {}): Promise<void> {
  const runs = options.runs ?? RUNS;
  await limits(report, runs);
  for (const storm of STORMS) {
    const figures: Record<SystemName, Figures[]> = { 'shouwang-sqlite': [], mosquitto: [] };
    for (let i = 0; i < runs; i++)
      // The order changes from run to run: what the machine does meanwhile hits both.
      for (const name of i % 2 === 0 ? SYSTEMS : [...SYSTEMS].reverse()) figures[name].push(await once(name, storm));
    for (const name of SYSTEMS) addMedians(report, storm.case, name, figures[name], storm.alarms);
    addRatios(report, storm.case, figures, runs);
  }
  for (const name of SYSTEMS) {
    const each: Figures[] = [];
    for (let i = 0; i < runs; i++) each.push({ rss_bytes_per_connection: await idle(name) });
    addMedians(report, 'idle-10k', name, each, IDLE);
  }
}

async function limits(report: Report, runs: number): Promise<void> {
  const fsync: Figures[] = [];
  const group: Figures[] = [];
  for (let i = 0; i < runs; i++) {
    fsync.push({ received_per_s: rawFsync() });
    group.push({ received_per_s: await groupCommit() });
  }
  addMedians(report, 'limit', 'fsync', fsync, runs);
  addMedians(report, 'limit', 'group-commit', group, runs);
}

/** One storm on a fresh system. */
async function once(name: SystemName, storm: Storm): Promise<Figures> {
  const system = await startSystem(name, storm.boxes);
  const swarm = new Swarm(system.mqttPort);
  let feed: ConsoleFeed | undefined;
  try {
    feed = await ConsoleFeed.opens(system.httpUrl, OPERATOR, system.password);
    await swarm.connects(system.boxes);
    const start = performance.now();
    await storm.send(swarm);
    await swarm.answered(storm.alarms, LOST_AFTER_MS);
    await consoleHas(feed, storm.alarms);
    return figuresOf(swarm, feed, start);
  } finally {
    swarm.leave();
    await feed?.closes();
    await system.ends();
  }
}

async function consoleHas(feed: ConsoleFeed, n: number): Promise<void> {
  const end = performance.now() + LOST_AFTER_MS;
  while (feed.heardAt.size < n && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
}

function figuresOf(swarm: Swarm, feed: ConsoleFeed, start: number): Figures {
  const all = [...swarm.alarms];
  const received = all.flatMap(([, t]) => (t.receivedAt === undefined ? [] : [t.receivedAt - t.sentAt]));
  const puback = all.flatMap(([, t]) => (t.pubackAt === undefined ? [] : [t.pubackAt - t.sentAt]));
  const atConsole = all.flatMap(([id, t]) => {
    const heard = feed.heardAt.get(id);
    return heard === undefined ? [] : [heard - t.sentAt];
  });
  const last = Math.max(...all.map(([, t]) => t.receivedAt ?? 0));
  return {
    received_per_s: received.length / ((last - start) / 1000),
    ...percentiles('puback_ms', puback),
    ...percentiles('received_ms', received),
    ...percentiles('console_ms', atConsole),
    lost: all.length - Math.min(received.length, atConsole.length),
  };
}

function percentiles(name: string, samples: number[]): Figures {
  return { [`${name}_p50`]: percentile(samples, 50), [`${name}_p99`]: percentile(samples, 99) };
}

async function atOnce(this: Storm, swarm: Swarm): Promise<void> {
  for (let i = 0; i < this.alarms; i++) swarm.raises(i);
}

/** So many a second, in steps of 10 ms. */
async function steadily(this: Storm, swarm: Swarm): Promise<void> {
  const start = performance.now();
  for (let sent = 0; sent < this.alarms; ) {
    const due = Math.min(this.alarms, Math.floor(((performance.now() - start) / 1000) * STEADY_PER_S));
    while (sent < due) swarm.raises(sent++);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Memory of the broker's process for each of 10,000 connections that are subscribed and say nothing. */
async function idle(name: SystemName): Promise<number> {
  const system = await startSystem(name, IDLE);
  const swarm = new Swarm(system.mqttPort);
  try {
    const before = await restingRss(system);
    await swarm.connects(system.boxes);
    return ((await restingRss(system)) - before) / IDLE;
  } finally {
    swarm.leave();
    await system.ends();
  }
}

/** Resident bytes once they have stopped changing by more than 1 % in a second, or after 20 s. */
async function restingRss(system: System): Promise<number> {
  let last = rss(system.brokerPid);
  for (let i = 0; i < 20; i++) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const now = rss(system.brokerPid);
    if (Math.abs(now - last) < last / 100) return now;
    last = now;
  }
  return last;
}

function rss(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

function addMedians(report: Report, caseName: string, system: string, runs: Figures[], n: number): void {
  for (const metric of Object.keys(runs[0] ?? {})) {
    const values = runs.map((r) => r[metric] ?? Number.NaN);
    // Of what was lost the worst run counts, not the median.
    const value = metric === 'lost' ? Math.max(...values) : percentile(values, 50);
    report.add({ case: caseName, system, metric, value, unit: unitOf(metric), n });
  }
}

function addRatios(report: Report, caseName: string, figures: Record<SystemName, Figures[]>, n: number): void {
  for (const metric of ['received_per_s', 'console_ms_p99']) {
    const ratios = figures['shouwang-sqlite'].map((ours, i) => ours[metric]! / figures.mosquitto[i]![metric]!);
    report.add({ case: caseName, system: 'shouwang-sqlite', metric: `${metric}_ratio`, value: percentile(ratios, 50), unit: '', n });
  }
}

function unitOf(metric: string): string {
  if (metric.endsWith('_per_s')) return '1/s';
  if (metric === 'rss_bytes_per_connection') return 'bytes';
  return metric.includes('_ms_') ? 'ms' : '';
}
