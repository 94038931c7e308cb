/** What CI says is true: a test that failed, did not load or was skipped for want of a package is never counted as passed. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const run = promisify(execFile);
const project = fileURLToPath(new URL('..', import.meta.url));

type Outcome = 'passed' | 'failed' | 'skipped' | 'todo';
interface TestFile {
  status: 'passed' | 'failed';
  tests: [name: string, outcome: Outcome][];
}

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'count-tests-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function count(files: TestFile[]): Promise<{ counts: string; said: string }> {
  const report = path.join(folder, 'report.json');
  const testResults = files.map(({ status, tests }, index) => ({
    name: `/repository/file-${index}.test.ts`,
    status,
    assertionResults: tests.map(([fullName, outcome]) => ({ fullName, status: outcome })),
  }));
  await writeFile(report, JSON.stringify({ testResults }));
  const { stdout, stderr } = await run('node', ['scripts/ci/count-tests.mjs', report], { cwd: project });
  return { counts: stdout.trim(), said: stderr };
}

describe('counting tests for CI', () => {
  it('adds up passed and failed tests over all files', async () => {
    const one: TestFile = {
      status: 'passed',
      tests: [
        ['a', 'passed'],
        ['b', 'passed'],
      ],
    };
    const other: TestFile = {
      status: 'failed',
      tests: [
        ['c', 'failed'],
        ['d', 'passed'],
      ],
    };
    expect((await count([one, other])).counts).toBe('3 1');
  });

  it('counts a file that did not load as a failure, and names it', async () => {
    const { counts, said } = await count([{ status: 'failed', tests: [] }]);
    expect(counts).toBe('0 1');
    expect(said).toContain('did not run: /repository/file-0.test.ts');
  });

  it('counts a file whose set-up failed after some tests had passed', async () => {
    expect((await count([{ status: 'failed', tests: [['a', 'passed']] }])).counts).toBe('1 1');
  });

  it('counts a test skipped for want of a system package as a failure: CI installs those', async () => {
    const { counts, said } = await count([
      { status: 'passed', tests: [['the playground [skipped: apt-get …]', 'skipped']] },
    ]);
    expect(counts).toBe('0 1');
    expect(said).toContain('which CI must not: the playground');
  });

  it('excuses, but names, a test that needs the shared data', async () => {
    const { counts, said } = await count([{ status: 'passed', tests: [['nDCG (set PAPERWRIGHT_DATA)', 'skipped']] }]);
    expect(counts).toBe('0 0');
    expect(said).toContain('skipped: nDCG');
  });

  it('does not count a test that was never written', async () => {
    expect((await count([{ status: 'passed', tests: [['later', 'todo']] }])).counts).toBe('0 1');
  });
});

describe('the CI script', () => {
  const script = path.join(project, '.ci/run');

  it('is executable and free of syntax errors', async () => {
    expect((await stat(script)).mode & 0o111).not.toBe(0);
    await run('bash', ['-n', script]);
  });

  it('is all that the workflow runs', async () => {
    const workflow = parse(await readFile(path.join(project, '.github/workflows/ci.yml'), 'utf8')) as {
      jobs: Record<string, { steps: { run?: string; uses?: string }[] }>;
    };
    const commands = Object.values(workflow.jobs).flatMap((job) => job.steps.flatMap((step) => step.run ?? []));
    expect(commands.filter((command) => !command.startsWith('git config'))).toEqual(['.ci/run']);
  });

  it('runs only scripts that package.json has', async () => {
    const { scripts } = JSON.parse(await readFile(path.join(project, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const text = await readFile(script, 'utf8');
    const used = [...text.matchAll(/npm run (?:--silent )?([\w:]+)|npm (test)\b/g)].map(
      (match) => match[1] ?? match[2] ?? '',
    );
    expect(used.length).toBeGreaterThan(4);
    for (const name of used) expect(scripts, name).toHaveProperty([name]);
  });

  describe('in a repository of stand-ins', () => {
    let repository: string;

    /** `npm test` there writes this report (`again` at the second try) and exits with this code; `npm run demo` does what it is told. */
    async function runIn(tests: { report: object | null; again?: object; exitCode: number }, demo = 'true') {
      await writeFile(
        path.join(repository, 'bin/npm'),
        `#!/bin/sh\ncase "$*" in test*) exec node fake-vitest.mjs "$@" ;; *demo*) ${demo} ;; esac\n`,
        { mode: 0o755 },
      );
      await writeFile(
        path.join(repository, 'fake-vitest.mjs'),
        `import { writeFileSync } from 'node:fs';
         const again = !process.argv.includes('--coverage');
         const report = again ? ${JSON.stringify(tests.again ?? tests.report)} : ${JSON.stringify(tests.report)};
         const target = process.argv.find((argument) => argument.startsWith('--outputFile.json=')).split('=')[1];
         if (report) writeFileSync(target, JSON.stringify(report));
         process.exit(${tests.exitCode});`,
      );
      const env = { ...process.env, PATH: `${repository}/bin:${process.env.PATH}` };
      const { stdout, code } = await run(path.join(repository, '.ci/run'), { env }).then(
        (done) => ({ stdout: done.stdout, code: 0 }),
        (failure: { stdout: string; code: number }) => failure,
      );
      return { code, last: stdout.trim().split('\n').at(-1), stdout };
    }

    const report = (...outcomes: Outcome[]) => ({
      testResults: [
        {
          name: 'a.test.ts',
          status: outcomes.includes('failed') ? 'failed' : 'passed',
          assertionResults: outcomes.map((status, index) => ({ fullName: `test ${index}`, status })),
        },
      ],
    });

    beforeAll(async () => {
      repository = await mkdtemp(path.join(tmpdir(), 'ci-run-'));
      for (const made of ['.ci', 'scripts/ci', 'bin', 'schema'])
        await mkdir(path.join(repository, made), { recursive: true });
      for (const kept of ['.ci/run', 'scripts/ci/count-tests.mjs']) {
        await cp(path.join(project, kept), path.join(repository, kept));
      }
      await writeFile(path.join(repository, 'bin/chromium'), '#!/bin/sh\n', { mode: 0o755 });
      await writeFile(path.join(repository, 'scripts/ci/s3-server.sh'), 'echo S3_TEST_ENDPOINT=http://127.0.0.1:1\n');
      await writeFile(path.join(repository, 'schema/schema.graphql'), 'type Query { a: Int }\n');
      await run('git', ['init', '-q'], { cwd: repository });
      await run('git', ['add', 'schema'], { cwd: repository });
    });
    afterAll(() => rm(repository, { recursive: true, force: true }));

    it('sums tests and steps in its last line', async () => {
      const { code, last } = await runIn({ report: report('passed', 'passed', 'passed'), exitCode: 0 });
      expect(last).toBe('12 passed, 0 failed'); // 3 tests and 9 steps
      expect(code).toBe(0);
    });

    it('fails when a test fails twice, names it at the end, and still runs the steps after it', async () => {
      const { code, last, stdout } = await runIn({ report: report('passed', 'failed'), exitCode: 1 });
      expect(last).toBe('10 passed, 1 failed');
      expect(stdout).toContain('once more for: a.test.ts');
      expect(stdout).toMatch(/failed: test 1 \(a\.test\.ts\)[\s\S]*passed, 1 failed/);
      expect(code).toBe(1);
    });

    it('passes when a test that failed passes alone, and calls it unstable', async () => {
      const again = report('passed', 'passed');
      const { code, last, stdout } = await runIn({ report: report('passed', 'failed'), again, exitCode: 1 });
      expect(last).toBe('11 passed, 0 failed');
      expect(stdout).toContain('UNSTABLE, passed at the second try: test 1');
      expect(code).toBe(0);
    });

    it('tries nothing again when many files fail', async () => {
      const [file] = report('failed').testResults;
      const testResults = Array.from({ length: 6 }, (_, index) => ({ ...file, name: `${index}.test.ts` }));
      const { last, stdout } = await runIn({ report: { testResults }, exitCode: 1 });
      expect(last).toBe('9 passed, 6 failed');
      expect(stdout).not.toContain('once more');
    });

    it('fails when a step fails, and names it', async () => {
      const { code, last, stdout } = await runIn({ report: report('passed'), exitCode: 0 }, 'exit 3');
      expect(last).toBe('9 passed, 1 failed');
      expect(stdout).toContain('failed: npm run demo');
      expect(code).toBe(1);
    });

    it('fails when the tests pass but vitest does not: coverage too low, an unhandled error', async () => {
      const { code, last } = await runIn({ report: report('passed'), exitCode: 1 });
      expect(last).toBe('10 passed, 1 failed');
      expect(code).toBe(1);
    });

    it('fails when the tests leave no report', async () => {
      expect(await runIn({ report: null, exitCode: 0 })).toMatchObject({ last: '9 passed, 1 failed', code: 1 });
    });
  });
});
