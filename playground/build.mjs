/**
 * Bundles the playground into dist/playground: one page, its assets named by content hash with gzip copies, and the
 * manifest the API serves from. Does nothing when that bundle was made from the same inputs.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const source = path.dirname(fileURLToPath(import.meta.url));
const project = path.dirname(source);
const target = path.join(project, 'dist', 'playground');
const PUBLIC_PATH = '/playground';

const WORKERS = {
  editor: 'monaco-editor/esm/vs/editor/editor.worker.js',
  json: 'monaco-editor/esm/vs/language/json/json.worker.js',
  graphql: 'monaco-graphql/esm/graphql.worker.js',
};

const MEDIA_TYPES = { '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8' };

/** Loaded only when there is something to build: an installation without the development packages runs what is there. */
async function esbuild(options) {
  try {
    return await (await import('esbuild')).build(options);
  } catch (error) {
    if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error('esbuild is not installed. Run "npm ci" with the development packages.');
  }
}

const sha256 = (content) => createHash('sha256').update(content).digest('hex');

/** A hash of our sources and of every locked dependency: what the bundle is a function of. */
async function hashInputs() {
  const names = (await readdir(source)).filter((name) => !name.endsWith('.test.ts')).sort();
  const files = [...names.map((name) => path.join(source, name)), path.join(project, 'package-lock.json')];
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${path.basename(file)}\0`).update(await readFile(file));
  return hash.digest('hex');
}

async function readManifest() {
  try {
    return JSON.parse(await readFile(path.join(target, 'manifest.json'), 'utf8'));
  } catch {
    return undefined; // None yet, or half-written by a build that was stopped: build again.
  }
}

const shared = {
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  outdir: target,
  absWorkingDir: project,
  target: 'es2022',
  entryNames: '[name]-[hash]',
  chunkNames: 'chunk-[hash]',
  logLevel: 'warning',
  legalComments: 'none', // The licences of everything bundled stand in LICENSES.txt beside it.
  define: { 'process.env.NODE_ENV': '"production"' },
};

/** graphiql/style.css already holds the editor's styles, its icon font included: the modules' own are dropped. */
const dropEditorStyles = {
  name: 'drop-editor-styles',
  setup(bundler) {
    bundler.onLoad({ filter: /monaco-editor[\\/].*\.css$/ }, () => ({ contents: '', loader: 'css' }));
  },
};

/** One copy of graphql: a second one would fail its `instanceof` checks. */
const oneGraphql = { graphql: path.join(project, 'node_modules', 'graphql', 'index.mjs') };

const urlOf = (file) => `${PUBLIC_PATH}/${path.basename(file)}`;

/** `entryPoint` as esbuild names it in its metafile → the URL of what was made of it. */
function entryUrls(metafile) {
  const urls = {};
  for (const [file, output] of Object.entries(metafile.outputs)) {
    if (output.entryPoint === undefined) continue;
    urls[output.entryPoint] = { js: urlOf(file), css: output.cssBundle && urlOf(output.cssBundle) };
  }
  return urls;
}

async function bundleWorkers() {
  const entryPoints = Object.fromEntries(
    Object.entries(WORKERS).map(([name, module]) => [`${name}.worker`, path.join('node_modules', module)]),
  );
  const result = await esbuild({ ...shared, format: 'iife', entryPoints });
  const urls = entryUrls(result.metafile);
  const byName = Object.entries(WORKERS).map(([name, module]) => [name, urls[`node_modules/${module}`].js]);
  return { result, urls: Object.fromEntries(byName) };
}

async function bundlePage(workerUrls) {
  const result = await esbuild({
    ...shared,
    format: 'esm',
    splitting: true,
    entryPoints: { main: path.join(source, 'main.tsx') },
    jsx: 'automatic',
    alias: oneGraphql,
    plugins: [dropEditorStyles],
    define: { ...shared.define, WORKER_URLS: JSON.stringify(workerUrls) },
  });
  return { result, urls: entryUrls(result.metafile)['playground/main.tsx'] };
}

/** The licence text of every package that went into the bundle. */
async function collectLicenses(metafiles) {
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  const packages = new Set(inputs.flatMap((input) => input.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? []));
  const texts = [];
  for (const folder of [...packages].sort()) {
    const { name, version, license } = JSON.parse(await readFile(path.join(project, folder, 'package.json'), 'utf8'));
    const file = (await readdir(path.join(project, folder))).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? '' : await readFile(path.join(project, folder, file), 'utf8');
    texts.push(`${name} ${version} (${license})\n\n${text.trim()}\n`);
  }
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

/** Returns what was made, or undefined when the bundle was up to date. */
export async function bundlePlayground() {
  const inputs = await hashInputs();
  if ((await readManifest())?.inputs === inputs) return undefined;

  const workers = await bundleWorkers();
  const page = await bundlePage(workers.urls);
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });

  const assets = {};
  let bytes = 0;
  for (const { path: file, contents } of [...workers.result.outputFiles, ...page.result.outputFiles]) {
    const name = path.basename(file);
    await writeFile(file, contents);
    await writeFile(`${file}.gz`, await promisify(gzip)(contents));
    assets[name] = { mediaType: MEDIA_TYPES[path.extname(name)], etag: sha256(contents).slice(0, 32) };
    bytes += contents.length;
  }
  const template = await readFile(path.join(source, 'index.html'), 'utf8');
  const html = template.replace('{{main.css}}', page.urls.css).replace('{{main.js}}', page.urls.js);
  await writeFile(path.join(target, 'index.html'), html);
  await writeFile(
    path.join(target, 'LICENSES.txt'),
    await collectLicenses([workers.result.metafile, page.result.metafile]),
  );
  // Last: a manifest that exists names a bundle that is whole.
  await writeFile(path.join(target, 'manifest.json'), `${JSON.stringify({ inputs, assets }, null, 2)}\n`);
  return `${Object.keys(assets).length} files, ${(bytes / 1e6).toFixed(1)} MB`;
}

if (import.meta.filename === process.argv[1]) console.log(`playground: ${(await bundlePlayground()) ?? 'up to date'}`);
