/**
 * Pictures: our media node against Debian's Janus (WebRTC) and against ffmpeg with nginx (HLS), one after the other in one run, with the same
 * cameras and the same viewers. `--runs N` repeats every case and gives medians; `--case NAME` does one only.
 */
import type { Report } from '../report.ts';
import { camerasCase } from './cameras.ts';
import { firstPicture } from './first-picture.ts';
import { glassLlHls, glassWebRtc } from './glass.ts';
import { addMedians, addRatios, type Case, type Figures, SYSTEMS, type SystemName } from './measure.ts';
import { viewersLlHls } from './viewers-llhls.ts';
import { viewersWebRtc } from './viewers-webrtc.ts';

const RUNS = 3;
const CASES: readonly Case[] = [
  camerasCase(10),
  camerasCase(50),
  camerasCase(100),
  viewersWebRtc,
  viewersLlHls,
  glassWebRtc,
  glassLlHls,
  firstPicture,
];

export async function run(report: Report, options: { runs?: number; only?: string } = {}): Promise<void> {
  const runs = options.runs ?? RUNS;
  const cases = CASES.filter(({ name }) => options.only === undefined || name === options.only);
  if (cases.length === 0) throw new Error(`--case: expected one of ${CASES.map((c) => c.name).join(', ')}`);
  for (const one of cases) await repeats(report, one, runs);
}

async function repeats(report: Report, one: Case, runs: number): Promise<void> {
  const figures: Partial<Record<SystemName, Figures[]>> = {};
  const systems = SYSTEMS.filter((name) => one.systems[name]);
  for (let i = 0; i < runs; i++)
    // The order changes from run to run: what the machine does meanwhile hits all.
    for (const name of i % 2 === 0 ? systems : [...systems].reverse()) {
      console.log(`  ${one.name}, ${name}, run ${i + 1} of ${runs}`);
      figures[name] = [...(figures[name] ?? []), await one.systems[name]!()];
    }
  for (const name of systems) addMedians(report, one.name, name, figures[name] ?? []);
  addRatios(report, one, figures);
}
