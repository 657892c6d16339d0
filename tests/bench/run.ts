/** `npm run bench -- NAME [--runs N] [--json FILE] [--case NAME]`. */
import { parseArgs } from 'node:util';
import { Report } from './report.ts';

const BENCHES: Record<string, () => Promise<{ run: (report: Report, options: { runs?: number; only?: string }) => Promise<void> }>> = {
  alarms: () => import('./alarms/index.ts'),
  flow: () => import('./flow.ts'),
  tv: () => import('./tv/index.ts'),
  media: () => import('./media/index.ts'),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, runs: { type: 'string' }, case: { type: 'string' } },
});
const name = positionals[0] ?? '';
const load = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
if (!load) {
  console.error(
    `usage: npm run bench -- NAME [--runs N] [--json FILE] [--case NAME (of media)]\nknown benches: ${Object.keys(BENCHES).join(', ')}`,
  );
  process.exit(2);
}
const report = new Report(name);
const bench = await load();
const runs = values.runs === undefined ? undefined : Number(values.runs);
if (runs !== undefined && !(Number.isInteger(runs) && runs > 0)) {
  console.error('--runs: expected a whole number from 1');
  process.exit(2);
}
await bench.run(report, { ...(runs === undefined ? {} : { runs }), ...(values.case === undefined ? {} : { only: values.case }) });
report.print();
if (values.json) report.writeJson(values.json);
