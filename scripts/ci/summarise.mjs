/**
 * @typedef {object} VitestReport the part of Vitest's JSON report that is read here
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {{ name: string, status: string, assertionResults: { status: string }[] }[]} testResults one a file
 */

/**
 * What passed and failed. A file that failed outside its tests counts as one failure, so does a run that failed without any failed
 * test, or that left no report; the check counts as one test.
 * @param {VitestReport | undefined} report @param {number} testsExit @param {number} checkExit
 */
export function summary(report, testsExit, checkExit) {
  let passed = report?.numPassedTests ?? 0;
  let failed = report?.numFailedTests ?? 0;
  for (const file of report?.testResults ?? []) {
    if (file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')) failed += 1;
  }
  if ((testsExit !== 0 || !report) && failed === 0) failed += 1;
  if (checkExit === 0) passed += 1;
  else failed += 1;
  return { passed, failed };
}
