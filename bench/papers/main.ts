/**
 * `npm run bench:papers -- [DIR]`: how well the builtin engine reads the papers of a folder (pdf/*.pdf, truth/*.json; by
 * default ../shared/data/papers), how fast, and in how much memory, beside pdftotext in the same run. `--worst N` shows the
 * weakest papers of each field.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { confidenceTable } from './confidence-bins.js';
import { labelTable } from './label-table.js';
import { type ReadOnce, readFolder } from './read-folder.js';
import { addCounts, type Counts, f1, SCORED_FIELDS, type ScoredField } from './score-paper.js';

const WANTED: Record<ScoredField, number> = {
  title: 0.95,
  authors: 0.85,
  abstract: 0.85,
  sections: 0.8,
  references: 0.85,
};
const NAMES: Record<ScoredField, string> = {
  title: 'title',
  authors: 'authors',
  abstract: 'abstract',
  sections: 'section headings, in order',
  references: 'reference titles',
};
const MIB = 1024 * 1024;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: { worst: { type: 'string' } }, allowPositionals: true });
  const folder = path.resolve(process.env.INIT_CWD ?? '.', positionals[0] ?? '../shared/data/papers');
  if (!existsSync(path.join(folder, 'truth'))) {
    console.error(`There are no papers in ${folder}: a folder pdf/ and a folder truth/ are needed.`);
    return 1;
  }
  const { read, failed, pdftotext } = await readFolder(folder);
  for (const { file, error } of failed) console.error(`${file}: ${error}`);
  console.log(
    `\n${accuracyTable(read)}\n\n${await labelTable(read)}\n\n${confidenceTable(read)}\n\n${costTable(read, pdftotext)}`,
  );
  if (values.worst) console.log(`\n${worst(read, Number(values.worst))}`);
  return failed.length === 0 ? 0 : 1;
}

function accuracyTable(read: readonly ReadOnce[]): string {
  const rows = SCORED_FIELDS.map((field) => {
    const all = read.flatMap(({ score }) => score.counts[field] ?? []);
    const sum = all.reduce(addCounts, { hits: 0, given: 0, wanted: 0 });
    return `| ${NAMES[field]} | ${all.length} | ${sum.hits} of ${sum.wanted}, ${sum.given} given | ${f1(sum).toFixed(3)} | ≥ ${WANTED[field]} |`;
  });
  const counted = read.flatMap(({ score }) => score.references ?? []);
  const wanted = counted.reduce((sum, count) => sum + count.wanted, 0);
  const off = counted.reduce((sum, count) => sum + Math.abs(count.given - count.wanted), 0);
  return [
    '| field | papers | found | F1 (micro) | wanted |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    `| references, count | ${counted.length} | ${off} too many or too few of ${wanted} | ${((100 * off) / Math.max(1, wanted)).toFixed(1)} % off | ≤ 2 % |`,
  ].join('\n');
}

function costTable(read: readonly ReadOnce[], pdftotext: { ms: number; peakBytes: number } | null): string {
  const pages = read.reduce((sum, { pageCount }) => sum + pageCount, 0);
  const ms = read.reduce((sum, one) => sum + one.ms, 0);
  const peak = Math.max(...read.map(({ peakBytes }) => peakBytes));
  const beside = pdftotext
    ? [`${(pdftotext.ms / pages).toFixed(1)}`, `${(pdftotext.peakBytes / MIB).toFixed(0)}`]
    : ['not installed (apt install poppler-utils)', ''];
  return [
    `| cost over ${pages} pages | ours | pdftotext | wanted |`,
    '| --- | --- | --- | --- |',
    `| ms a page | ${(ms / pages).toFixed(1)} | ${beside[0]} | ≤ 60 |`,
    `| peak memory, MB | ${(peak / MIB).toFixed(0)} | ${beside[1]} | ≤ 400 |`,
  ].join('\n');
}

function worst(read: readonly ReadOnce[], many: number): string {
  const share = (counts: Counts | undefined) => (counts ? f1(counts) : 1);
  return SCORED_FIELDS.flatMap((field) =>
    [...read]
      .sort((a, b) => share(a.score.counts[field]) - share(b.score.counts[field]))
      .slice(0, many)
      .filter(({ score }) => share(score.counts[field]) < 1)
      .map(({ file, score }) => {
        const { hits, given, wanted } = score.counts[field] as Counts;
        return `${field}: ${file}: ${share(score.counts[field]).toFixed(2)} (${hits} of ${wanted}, ${given} given)`;
      }),
  ).join('\n');
}

process.exit(await main());
