/**
 * `npm run build`: makes dist/ from the sources. Every step does nothing when its inputs have not changed, so that
 * `npm start` may always build first. A step is a name and a function that returns what it did, or undefined for
 * "nothing"; a step that cannot be done throws, and the build ends with its sentence and exit code 1.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const dist = path.join(repository, 'dist');
const require = createRequire(import.meta.url);

const steps = [
  { name: 'compile TypeScript', run: compile },
  { name: 'copy SQL', run: () => mirror(['src', 'worker'], '.sql') },
  { name: 'bundle the playground', run: async () => (await import('../playground/build.mjs')).bundlePlayground() },
];

for (const step of steps) {
  const begun = Date.now();
  try {
    const done = await step.run();
    if (done) console.log(`build: ${step.name}: ${done} (${Date.now() - begun} ms)`);
  } catch (error) {
    console.error(`build: ${step.name} failed: ${error instanceof Error ? error.message : error}`);
    process.exit(1);
  }
}

/** `tsc -b` compares time stamps before it parses anything; an installation without the compiler runs what was built. */
async function compile() {
  let tsc;
  try {
    tsc = path.join(path.dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
  } catch {
    if (existsSync(path.join(dist, 'src'))) return undefined;
    throw new Error(
      'TypeScript is not installed and nothing was built before. Run "npm ci" with the development packages.',
    );
  }
  const buildInfo = path.join(dist, '.tsbuildinfo-build');
  // The compiler trusts its build info; without the files it speaks of, it would leave them missing.
  if (!existsSync(path.join(dist, 'src'))) await rm(buildInfo, { force: true });
  const before = await modified(buildInfo);
  const { status, error } = spawnSync(process.execPath, [tsc, '-b', 'tsconfig.build.json'], {
    cwd: repository,
    stdio: 'inherit',
  });
  if (error) throw error;
  if (status !== 0) throw new Error('the errors are above');
  return (await modified(buildInfo)) === before ? undefined : 'dist/ is up to date';
}

/** Copies changed files of one kind to the same place under dist/, and removes there what is gone here. */
async function mirror(folders, extension) {
  let changes = 0;
  for (const folder of folders) {
    const wanted = new Set(await list(path.join(repository, folder), extension));
    for (const name of wanted) {
      const from = path.join(repository, folder, name);
      const to = path.join(dist, folder, name);
      if (await sameContent(from, to)) continue;
      await mkdir(path.dirname(to), { recursive: true });
      await copyFile(from, to);
      changes += 1;
    }
    for (const name of await list(path.join(dist, folder), extension)) {
      if (wanted.has(name)) continue;
      await rm(path.join(dist, folder, name));
      changes += 1;
    }
  }
  return changes > 0 ? `${changes} changed` : undefined;
}

async function list(folder, extension) {
  if (!existsSync(folder)) return [];
  return (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(extension));
}

async function sameContent(one, other) {
  if (!existsSync(other)) return false;
  return (await readFile(one)).equals(await readFile(other));
}

async function modified(file) {
  return existsSync(file) ? (await stat(file)).mtimeMs : 0;
}
