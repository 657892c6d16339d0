/** Prints `N passed, N failed` from Vitest's report and the exit codes of `npm test` and `npm run check`; exits 1 when anything failed. */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { summary } from './summarise.mjs';

const [tests, check] = process.argv.slice(2).map(Number);
let report;
try {
  report = JSON.parse(readFileSync(new URL('../../tests/output/vitest.json', import.meta.url), 'utf8'));
} catch {
  console.log('There is no report of the tests: they did not run to their end.');
}
const { passed, failed } = summary(report, tests ?? 1, check ?? 1);
console.log(`npm test: exit code ${tests}; npm run check: exit code ${check}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
