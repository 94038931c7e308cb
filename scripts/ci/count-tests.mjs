/**
 * Prints "PASSED FAILED" from vitest's JSON report, for `.ci/run` to add up. On stderr: each failure with the first line
 * of its message, what was skipped, and what only passed at the second try.
 *
 * Counts as failed, besides failed tests: a file that did not even load, and a test skipped for want of something that
 * CI installs. Only the shared data sets may be missing: they are not part of the repository.
 *
 *   node scripts/ci/count-tests.mjs REPORT              counts
 *   node scripts/ci/count-tests.mjs REPORT --again      prints the files with a failure, one a line
 *   node scripts/ci/count-tests.mjs REPORT SECOND       counts; what failed in REPORT counts as SECOND has it
 */
import { readFileSync } from 'node:fs';

const MAY_BE_MISSING = /PAPERWRIGHT_DATA|shared\/data/;

const [reportFile, other] = process.argv.slice(2);
const filesOf = (name) => JSON.parse(readFileSync(name, 'utf8')).testResults;
const firstLine = (text) =>
  String(text ?? '')
    .split('\n')[0]
    .slice(0, 300);
const notLoaded = (file) =>
  file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed');

const first = filesOf(reportFile);
if (other === '--again') {
  for (const file of first) if (file.status === 'failed') console.log(file.name);
  process.exit(0);
}

const second = new Map((other === undefined ? [] : filesOf(other)).map((file) => [file.name, file]));
let passed = 0;
let failed = 0;

for (const before of first) {
  const again = before.status === 'failed' ? second.get(before.name) : undefined;
  const file = again ?? before;
  if (notLoaded(file)) {
    failed += 1;
    console.error(`did not run: ${file.name}: ${firstLine(file.message)}`);
  } else if (again && notLoaded(before)) console.error(`UNSTABLE, loaded at the second try: ${file.name}`);
  const unstable = new Set(
    again ? before.assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName) : [],
  );
  for (const test of file.assertionResults) {
    if (test.status === 'passed') {
      passed += 1;
      if (!unstable.has(test.fullName)) continue;
      const cause = before.assertionResults.find(({ fullName }) => fullName === test.fullName);
      console.error(`UNSTABLE, passed at the second try: ${test.fullName}: ${firstLine(cause.failureMessages?.[0])}`);
    } else if (test.status === 'failed') {
      failed += 1;
      console.error(`failed: ${test.fullName} (${file.name}): ${firstLine(test.failureMessages?.[0])}`);
    } else {
      const excused = MAY_BE_MISSING.test(test.fullName);
      if (!excused) failed += 1;
      console.error(`skipped${excused ? '' : ', which CI must not'}: ${test.fullName}`);
    }
  }
}

console.log(`${passed} ${failed}`);
