/** How the cases of this bench measure: CPU over a while, a number of viewers that grows, medians of runs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuSeconds, familyOf } from '../../harness/process-usage.ts';
import { percentile, type Report } from '../report.ts';

export const SYSTEMS = ['shouwang', 'janus', 'ffmpeg-nginx'] as const;
export type SystemName = (typeof SYSTEMS)[number];

/** What one run of one case on one system gave, by metric. */
export type Figures = Record<string, number>;

/** A case: what one run on each of its systems gives. */
export interface Case {
  name: string;
  systems: Partial<Record<SystemName, () => Promise<Figures>>>;
  /** Which metrics are put into relation to which peer of this run. */
  ratios: { peer: Exclude<SystemName, 'shouwang'>; metrics: readonly string[] };
}

/** Percent of one core that processes and their children use over the next `ms`. */
export async function corePercent(pids: readonly number[], ms: number): Promise<number> {
  const family = pids.flatMap(familyOf);
  const before = cpuSeconds(family);
  const startedAt = performance.now();
  await sleep(ms);
  return ((cpuSeconds(family) - before) / ((performance.now() - startedAt) / 1000)) * 100;
}

export interface Load {
  /** How many viewers. */
  viewers: number;
  /** Of the serving processes, while they watch. */
  percent: number;
  /** Whether each got what the camera sends. */
  whole: boolean;
}

/** A core that is busier is full: the rest is the kernel's and chance. */
const FULL_PERCENT = 90;

/**
 * What one viewer costs at the greatest load that was served whole, and how many fill a core: measured, where a step got there; otherwise
 * by the cost of one at that load.
 */
export function viewerFigures(idlePercent: number, loads: readonly Load[]): Figures {
  const best = loads.findLast((load) => load.whole) ?? loads[0];
  if (!best) return {};
  const each = (best.percent - idlePercent) / best.viewers;
  return { core_percent_per_viewer: each, viewers_at_full_core: Math.floor((100 - idlePercent) / each), viewers_measured: best.viewers };
}

/** Goes up the steps until the core is full or somebody gets less than the camera sends. */
export async function climb(steps: readonly number[], at: (viewers: number) => Promise<Load>): Promise<Load[]> {
  const loads: Load[] = [];
  for (const viewers of steps) {
    const load = await at(viewers);
    loads.push(load);
    console.log(`    ${viewers} viewers: ${load.percent.toFixed(1)} % of a core${load.whole ? '' : ', not all of them served whole'}`);
    if (!load.whole || load.percent >= FULL_PERCENT) break;
  }
  return loads;
}

export function addMedians(report: Report, caseName: string, system: string, runs: readonly Figures[]): void {
  for (const metric of Object.keys(runs[0] ?? {})) {
    const values = runs.map((r) => r[metric] ?? Number.NaN);
    // Of stalls the worst run counts, not the median.
    const value = metric.endsWith('stalls') ? Math.max(...values) : percentile(values, 50);
    report.add({ case: caseName, system, metric, value, unit: unitOf(metric), n: runs.length });
  }
}

/** Ours to the peer's, run by run. */
export function addRatios(report: Report, { name, ratios }: Case, figures: Partial<Record<SystemName, Figures[]>>): void {
  const { peer, metrics } = ratios;
  const theirs = figures[peer] ?? [];
  for (const metric of metrics) {
    const each = (figures.shouwang ?? []).map((ours, i) => (ours[metric] ?? Number.NaN) / (theirs[i]?.[metric] ?? Number.NaN));
    report.add({
      case: name,
      system: 'shouwang',
      metric: `${metric}_ratio`,
      value: percentile(each, 50),
      unit: `to ${peer}`,
      n: each.length,
    });
  }
}

function unitOf(metric: string): string {
  if (metric.startsWith('core_percent')) return '% of a core';
  if (metric.startsWith('bytes')) return 'bytes';
  if (metric.startsWith('mbit')) return 'Mbit/s';
  return metric.includes('_ms_') ? 'ms' : '';
}
