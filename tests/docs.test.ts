/** The documentation names what exists: links, npm scripts, files. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { configTable } from '../src/config-variables.js';
import { ERROR_CODES } from '../src/platform/errors.js';

const ROOT = path.resolve(import.meta.dirname, '..');
/** Made by tools, or none of ours. */
const PASSED_OVER = new Set(['node_modules', 'dist', 'out', 'coverage', '.git', '.paperwright']);
/** Examples, and what is left by a run, written by a person or made at the start: named, but not in the repository. */
const NOT_IN_REPOSITORY =
  /^(x\.|out\/|DATA_DIR|report\.(md|html|pdf|docx|json)$|claims\.json$|references\.(bib|csl\.json)$|\.env$|dist\/)/;
/** Documents are prose about our files; the library's articles are about others'. */
const PROSE = /^(library\/\d|tests\/fixtures\/)|\.golden\.md$/;

const files = filesBelow('');
const names = new Set(files.map((file) => path.basename(file)));
const documents = files.filter((file) => file.endsWith('.md') && !PROSE.test(file));
const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts);
const ours = new RegExp(
  `^(${readdirSync(ROOT)
    .filter((name) => !PASSED_OVER.has(name) && statSync(path.join(ROOT, name)).isDirectory())
    .map((name) => name.replace('.', '\\.'))
    .join('|')})/`,
);

function filesBelow(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(folder, entry.name);
    if (PASSED_OVER.has(entry.name)) return [];
    return entry.isDirectory() ? filesBelow(name) : [name];
  });
}

function read(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}

/** Without code blocks: what is in them is for shells and compilers. */
const proseOf = (text: string) => text.replace(/^```[\s\S]*?^```/gm, '');
const inCode = (text: string) => Array.from(proseOf(text).matchAll(/`([^`\n]+)`/g), ([, code]) => code ?? '');

/** Where it may stand: from the root, beside the document, or from src/. */
const exists = (name: string, document: string) =>
  [ROOT, path.join(ROOT, path.dirname(document)), path.join(ROOT, 'src')].some((from) =>
    existsSync(path.join(from, name)),
  );

describe.each(documents)('%s', (document) => {
  const text = read(document);

  it('links to what exists', () => {
    const targets = Array.from(proseOf(text).matchAll(/\]\(([^)\s]+)\)/g), ([, target]) => target ?? '');
    const broken = targets
      .filter((target) => !/^[a-z]+:/.test(target) && !target.startsWith('#'))
      .filter((target) => !existsSync(path.join(ROOT, path.dirname(document), target.split('#')[0] ?? '')));
    expect(broken).toEqual([]);
  });

  it('links to headings that are there', () => {
    const broken = Array.from(proseOf(text).matchAll(/\]\(([^)\s:]*)#([^)\s]+)\)/g)).filter(([, file, heading]) => {
      const other = file ? path.join(path.dirname(document), file) : document;
      const headings = Array.from(read(other).matchAll(/^#+ (.+)$/gm), ([, title]) =>
        (title ?? '')
          .toLowerCase()
          .replace(/[^\p{L}\p{N} -]/gu, '')
          .replaceAll(' ', '-'),
      );
      return !headings.includes(heading ?? '');
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it('names npm scripts that there are', () => {
    const named = Array.from(text.matchAll(/\bnpm run (?:--silent )?([\w:-]+)/g), ([, script]) => script ?? '');
    expect(named.filter((script) => !scripts.includes(script))).toEqual([]);
  });

  it('names files that there are', () => {
    const paths = inCode(text)
      .map((code) => code.replace(/^(?:bash|node|npx vitest run) /, '').split(' ')[0] ?? '')
      .filter((code) => /^[\w@./-]+$/.test(code) && !NOT_IN_REPOSITORY.test(code));
    const missing = paths.filter((code) => {
      if (ours.test(code)) return !exists(code, document);
      if (/^[\w./-]+\/[\w.-]+\.(ts|sql|sh|mjs|cjs|md)$/.test(code)) return !exists(code, document);
      return /^[\w-][\w.-]*\.(ts|sql|sh|mjs|cjs|md)$/.test(code) && !names.has(code);
    });
    expect(missing).toEqual([]);
  });

  it('names settings and error codes that there are', () => {
    const known = new Set<string>([...configTable.map(({ name }) => name), ...ERROR_CODES]);
    const settings = inCode(text).flatMap((code) => /^([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=|$)/.exec(code)?.[1] ?? []);
    const elsewhere = files.filter((file) => /\.(ts|sh|ps1|graphql|cjs|mjs)$/.test(file));
    const missing = settings.filter((name) => !known.has(name) && !elsewhere.some((file) => read(file).includes(name)));
    expect(missing).toEqual([]);
  });
});
