/**
 * Prints "PASSED FAILED" from vitest's JSON report, for `.ci/run` to add up, and what was skipped on stderr.
 *
 * Counts as failed, besides failed tests: a file that did not even load, and a test skipped for want of something that
 * CI installs. Only the shared data sets may be missing: they are not part of the repository.
 *
 *   node scripts/ci/count-tests.mjs REPORT
 */
import { readFileSync } from 'node:fs';

const MAY_BE_MISSING = /PAPERWRIGHT_DATA|shared\/data/;

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
let passed = 0;
let failed = 0;

for (const file of report.testResults) {
  const tests = file.assertionResults;
  if (file.status === 'failed' && !tests.some((test) => test.status === 'failed')) {
    failed += 1;
    console.error(`did not run: ${file.name}`);
  }
  for (const test of tests) {
    if (test.status === 'passed') passed += 1;
    else if (test.status === 'failed') failed += 1;
    else {
      const excused = MAY_BE_MISSING.test(test.fullName);
      if (!excused) failed += 1;
      console.error(`skipped${excused ? '' : ', which CI must not'}: ${test.fullName}`);
    }
  }
}

console.log(`${passed} ${failed}`);
