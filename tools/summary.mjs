/**
 * Prints `N passed, N failed` for vitest's JSON reports given as arguments; `--failed-steps N` adds steps that are
 * not test suites. Ends with 1 when anything failed.
 */
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'failed-steps': { type: 'string', default: '0' } },
});

let passed = 0;
let failed = Number(values['failed-steps']);
for (const file of positionals) {
  if (!existsSync(file)) continue;
  const report = JSON.parse(readFileSync(file, 'utf8'));
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  for (const suite of report.testResults) {
    // A file that does not even load has no tests, but it is a failure.
    if (suite.status === 'failed' && suite.assertionResults.length === 0) failed += 1;
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
