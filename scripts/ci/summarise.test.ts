import { expect, it } from 'vitest';
import { summary } from './summarise.mjs';

const file = (status: string, ...tests: string[]) => ({ name: 'f', status, assertionResults: tests.map((s) => ({ status: s })) });

it('counts tests, and the check as one', () => {
  const report = { numPassedTests: 3, numFailedTests: 0, testResults: [file('passed', 'passed', 'passed', 'passed')] };
  expect(summary(report, 0, 0)).toEqual({ passed: 4, failed: 0 });
  expect(summary(report, 0, 1)).toEqual({ passed: 3, failed: 1 });
});

it('counts a file that could not be loaded as a failure, beside failed tests', () => {
  const report = { numPassedTests: 1, numFailedTests: 1, testResults: [file('failed'), file('failed', 'passed', 'failed')] };
  expect(summary(report, 1, 0)).toEqual({ passed: 2, failed: 2 });
});

it('never calls a run without a report, or with a bad exit code, passed', () => {
  expect(summary(undefined, 1, 0)).toEqual({ passed: 1, failed: 1 });
  expect(summary(undefined, 0, 0)).toEqual({ passed: 1, failed: 1 });
  expect(summary({ numPassedTests: 2, numFailedTests: 0, testResults: [] }, 1, 0)).toEqual({ passed: 3, failed: 1 });
});
