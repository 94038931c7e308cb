/**
 * The import rules bite. A small tree of files breaks each rule of .dependency-cruiser.cjs once; a rule that no line
 * here breaks fails the test, so a rule cannot be added, or quietly stop working, without this file knowing.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const project = fileURLToPath(new URL('..', import.meta.url));
const configuration = path.join(project, '.dependency-cruiser.cjs');

const SLICES = [
  'platform',
  'identity',
  'projects',
  'runs',
  'artifacts',
  'papers',
  'evidence',
  'claims',
  'trust',
  'overview',
  'kinds/research',
];

/** rule broken, by which file, importing which file or package */
const FORBIDDEN: ReadonlyArray<[rule: string, from: string, to: string]> = [
  ...SLICES.slice(0, -1).map((slice, index): [string, string, string] => [
    `slice-order-${slice}`,
    `src/${slice}/early.ts`,
    `src/${SLICES[index + 1]}/late.ts`,
  ]),
  ['slice-order-platform', 'src/platform/far.ts', 'src/kinds/research/far.ts'],
  ['no-circular', 'src/runs/chicken.ts', 'src/runs/egg.ts'],
  ['no-kind-to-kind', 'src/kinds/browsing/start.ts', 'src/kinds/research/start.ts'],
  ['no-pipeline-to-pipeline', 'worker/pipelines/browsing/plan.ts', 'worker/pipelines/research/draft.ts'],
  ['no-slice-to-composition-root', 'src/claims/reads-config.ts', 'src/config.ts'],
  ['no-slice-to-composition-root', 'src/claims/reads-api.ts', 'src/api/server.ts'],
  ['no-src-to-worker', 'src/main.ts', 'worker/engine/claim.ts'],
  ['worker-loads-no-api', 'worker/a.ts', 'src/runs/run.resolver.ts'],
  ['worker-loads-no-api', 'worker/b.ts', 'src/runs/run.type.ts'],
  ['worker-loads-no-api', 'worker/c.ts', 'src/runs/run-events.subscription.ts'],
  ['worker-loads-no-api', 'worker/d.ts', 'src/api/server.ts'],
  ['no-product-to-outside', 'src/runs/tested.ts', 'tests/support/database.ts'],
  ['client-stands-alone', 'sdk/client.ts', 'src/runs/run.ts'],
  ['no-test-as-a-module', 'tests/one.test.ts', 'tests/two.test.ts'],
  ['no-dev-dependency-in-product', 'worker/tools/pdf.ts', 'only-for-development'],
  ['no-undeclared-package', 'worker/tools/docx.ts', 'undeclared'],
  ['no-unresolvable', 'src/runs/typo.ts', 'src/runs/no-such-file.ts'],
];

/** Imports that look near and are fine. */
const ALLOWED: ReadonlyArray<[from: string, to: string]> = [
  ['worker/fine.ts', 'src/runs/run.ts'],
  ['src/overview/fine.ts', 'src/platform/fine.ts'],
  ['src/schema.ts', 'src/kinds/research/fine.ts'],
  ['src/identity/fine.test.ts', 'tests/support/database.ts'],
  ['worker/tools/fine.ts', 'declared'],
];

/** A resolver reached over two files: the rule is about what is loaded, not about what is named. */
const ROUNDABOUT = { from: 'worker/roundabout.ts', over: 'src/runs/innocent.ts', to: 'src/papers/paper.resolver.ts' };

/** Closes the cycle that the table opens; a cycle is reported once, at one of its files. */
const CYCLE_CLOSED_BY = ['src/runs/egg.ts', 'src/runs/chicken.ts'] as const;

interface Violation {
  rule: { name: string };
  from: string;
  to: string;
}

let folder: string;
let violations: Violation[];

const isFile = (target: string) => target.endsWith('.ts');

async function write(file: string, content: string): Promise<void> {
  await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
  await writeFile(path.join(folder, file), content);
}

function importOf(from: string, to: string): string {
  if (!isFile(to)) return `import '${to}';\n`;
  const relative = path.relative(path.dirname(from), to).replace(/\.ts$/, '.js');
  return `import '${relative.startsWith('.') ? relative : `./${relative}`}';\n`;
}

async function plant(): Promise<void> {
  const imports = [
    ...FORBIDDEN.map(([, from, to]) => [from, to] as const),
    ...ALLOWED,
    CYCLE_CLOSED_BY,
    [ROUNDABOUT.from, ROUNDABOUT.over] as const,
    [ROUNDABOUT.over, ROUNDABOUT.to] as const,
  ];
  const sources = new Set(imports.map(([from]) => from));
  for (const [, to] of imports) {
    if (isFile(to) && !sources.has(to) && !to.includes('no-such-file')) await write(to, 'export {};\n');
  }
  for (const [from, to] of imports) await write(from, importOf(from, to));
  await write('tsconfig.json', '{ "compilerOptions": { "module": "NodeNext", "moduleResolution": "NodeNext" } }');
  await write(
    'package.json',
    JSON.stringify({
      type: 'module',
      dependencies: { declared: '1' },
      devDependencies: { 'only-for-development': '1' },
    }),
  );
  for (const name of ['declared', 'only-for-development', 'undeclared']) {
    await write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    await write(`node_modules/${name}/index.js`, '');
  }
}

/** depcruise exits with the number of errors; its report is on stdout either way. */
async function cruise(): Promise<Violation[]> {
  const binary = path.join(project, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [binary, '--config', configuration, '--output-type', 'json', '.'],
    { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
  ).catch((failure: { stdout: string }) => failure);
  return (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'import-rules-'));
  await plant();
  violations = await cruise();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const found = (rule: string, from: string, to: string) =>
  violations.some(
    (violation) =>
      violation.rule.name === rule &&
      violation.from === from &&
      (violation.to === to ||
        violation.to.includes(`node_modules/${to}/`) ||
        violation.to.endsWith(`/${path.basename(to, '.ts')}.js`)),
  );

describe('the import rules', () => {
  it.each(FORBIDDEN)('%s refuses %s importing %s', (rule, from, to) => {
    expect(found(rule, from, to)).toBe(true);
  });

  it.each(ALLOWED)('let %s import %s', (from) => {
    expect(violations.filter((violation) => violation.from === from)).toEqual([]);
  });

  it('keep resolvers out of the worker by any way round', () => {
    expect(found('worker-loads-no-api', ROUNDABOUT.from, ROUNDABOUT.to)).toBe(true);
  });

  it('are all tried here', () => {
    const { forbidden } = createRequire(import.meta.url)(configuration) as { forbidden: { name: string }[] };
    const tried = new Set(FORBIDDEN.map(([rule]) => rule));
    expect(forbidden.map((rule) => rule.name).filter((name) => !tried.has(name))).toEqual([]);
  });
});
