/** `npm run bench -- NAME [--json FILE]`. */
import { parseArgs } from 'node:util';
import { Report } from './report.ts';

const BENCHES: Record<string, () => Promise<{ run: (report: Report) => Promise<void> }>> = {
  flow: () => import('./flow.ts'),
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' } } });
const name = positionals[0] ?? '';
const load = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
if (!load) {
  console.error(`usage: npm run bench -- NAME [--json FILE]\nknown benches: ${Object.keys(BENCHES).join(', ')}`);
  process.exit(2);
}
const report = new Report(name);
const bench = await load();
await bench.run(report);
report.print();
if (values.json) report.writeJson(values.json);
