/** The harness of every bench: collects metrics, prints a table for people, writes one JSON object a line for machines. */
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';

export interface Metric {
  bench: string;
  case: string;
  system: string;
  metric: string;
  value: number;
  unit: string;
  /** How many measurements the value stands for. */
  n: number;
}

export class Report {
  readonly bench: string;
  readonly rows: Metric[] = [];
  readonly #loadAtStart = loadavg()[0] ?? 0;

  constructor(bench: string) {
    this.bench = bench;
  }

  add(row: Omit<Metric, 'bench'>): void {
    this.rows.push({ bench: this.bench, ...row });
  }

  /** Adds `{name}_p50` and, from 20 samples on, `{name}_p99` of samples in ms. */
  addTimes(caseName: string, system: string, name: string, samples: number[], percentiles: number[] = [50, 99]): void {
    for (const p of percentiles)
      this.add({ case: caseName, system, metric: `${name}_p${p}`, value: percentile(samples, p), unit: 'ms', n: samples.length });
  }

  print(): void {
    const rows = this.rows.map((r) => [r.case, r.system, r.metric, format(r.value), r.unit, `n=${r.n}`]);
    const widths = [0, 1, 2, 3, 4, 5].map((i) => Math.max(...rows.map((r) => r[i]?.length ?? 0)));
    for (const row of rows)
      console.log(row.map((cell, i) => (i === 3 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))).join('  '));
    console.log(
      `${cpus().length} cores, load ${this.#loadAtStart.toFixed(2)} before, ${(loadavg()[0] ?? 0).toFixed(2)} after, Node ${process.version}`,
    );
  }

  writeJson(file: string): void {
    writeFileSync(file, this.rows.map((r) => `${JSON.stringify(r)}\n`).join(''));
  }
}

/** Nearest-rank percentile; NaN for no samples. */
export function percentile(samples: number[], p: number): number {
  if (samples.length === 0) return Number.NaN;
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)] ?? Number.NaN;
}

function format(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
