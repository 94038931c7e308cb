/**
 * `npm run build`: makes dist/ from the sources. Every step does nothing when its inputs have not changed, so that
 * `npm start` may always build first. A step is a name and a function that returns what it did, or undefined for
 * "nothing"; a step that cannot be done throws, and the build ends with its sentence and exit code 1.
 *
 * TypeScript is translated file by file, as `isolatedModules` allows, and is not checked here: that takes ten times as
 * long and is what `npm run typecheck` is for.
 */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundlePlayground } from '../playground/build.mjs';

const repository = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const dist = path.join(repository, 'dist');
const SOURCE_FOLDERS = ['src', 'worker', 'sdk', 'cli', 'demo', 'bench', 'tests'];
/** What was built from which state of which file, and with which settings. */
const STAMP = path.join(dist, '.build.json');

const steps = [
  { name: 'translate TypeScript', run: translate },
  { name: 'copy SQL', run: () => mirror(['src', 'worker'], '.sql') },
  { name: 'copy data', run: () => mirror(['src', 'worker'], '.json') },
  { name: 'bundle playground', run: bundlePlayground },
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

async function translate() {
  // What decides the output besides the source: the compiler's settings, and this file.
  const config = await readFile(path.join(repository, 'tsconfig.json'), 'utf8');
  const settings = `${config}\n${await readFile(fileURLToPath(import.meta.url), 'utf8')}`;
  const last = await readStamp();
  const before = last.settings === settings ? last.files : {};
  const files = {};
  const changed = [];
  for (const name of await listSources()) {
    const { mtimeMs, size } = await stat(path.join(repository, name));
    files[name] = `${mtimeMs}:${size}`;
    if (before[name] !== files[name] || !existsSync(outputOf(name))) changed.push(name);
  }
  const gone = Object.keys(last.files).filter((name) => !(name in files));
  if (changed.length === 0 && gone.length === 0) return undefined;
  if (changed.length > 0) await translateFiles(changed, config);
  for (const name of gone) {
    await rm(outputOf(name), { force: true });
    await rm(`${outputOf(name)}.map`, { force: true });
  }
  await writeFile(STAMP, JSON.stringify({ settings, files }));
  return `${changed.length} changed, ${gone.length} gone`;
}

async function translateFiles(names, config) {
  const ts = await loadCompiler();
  const parsed = ts.parseConfigFileTextToJson('tsconfig.json', config);
  const { options } = ts.convertCompilerOptionsFromJson(parsed.config.compilerOptions, repository);
  for (const name of names) {
    const output = outputOf(name);
    const from = path.join(repository, name);
    const { outputText, sourceMapText, diagnostics } = ts.transpileModule(await readFile(from, 'utf8'), {
      // One file at a time, the compiler does not see package.json, by which NodeNext would know that this is ESM.
      compilerOptions: { ...options, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
      fileName: from,
      reportDiagnostics: true,
    });
    const wrong = diagnostics?.[0];
    if (wrong) throw new Error(`${name}: ${ts.flattenDiagnosticMessageText(wrong.messageText, '\n')}`);
    await mkdir(path.dirname(output), { recursive: true });
    await writeFile(output, outputText);
    if (sourceMapText) await writeFile(`${output}.map`, withSourcePath(sourceMapText, output, from));
  }
}

/** The compiler names the source by its file name alone, as if it lay beside the output. */
function withSourcePath(sourceMapText, output, from) {
  return JSON.stringify({ ...JSON.parse(sourceMapText), sources: [path.relative(path.dirname(output), from)] });
}

async function loadCompiler() {
  try {
    return (await import('typescript')).default;
  } catch (cause) {
    throw new Error('TypeScript is not installed. Run "npm ci" with the development packages.', { cause });
  }
}

async function listSources() {
  const names = await Promise.all(
    SOURCE_FOLDERS.map(async (folder) =>
      (await list(path.join(repository, folder), '.ts')).map((name) => path.join(folder, name)),
    ),
  );
  return names
    .flat()
    .filter((name) => !name.endsWith('.test.ts') && !name.endsWith('.fixture.ts') && !name.endsWith('.d.ts'));
}

function outputOf(name) {
  return path.join(dist, name.replace(/\.ts$/, '.js'));
}

async function readStamp() {
  try {
    return JSON.parse(await readFile(STAMP, 'utf8'));
  } catch {
    return { settings: '', files: {} };
  }
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
