/**
 * Compares a structured paper with the labels of bench/papers/labels: roles, datasets, measured values, equations, tables
 * and their cells. Precision and recall are counts here; whoever prints them divides.
 */
import { readdir, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { SECTION_ROLES, type StructuredPaper } from '../../src/papers/structured-paper.js';
import { type Counts, matches } from './score-paper.js';

const named = z.object({ name: z.string(), also: z.array(z.string()).default([]) });

const paperLabels = z.object({
  file: z.string(),
  split: z.enum(['development', 'held-out']),
  complete: z.boolean(), // false: not every value is labelled
  note: z.string().optional(),
  roles: z.array(z.object({ heading: z.string(), role: z.enum(SECTION_ROLES) })),
  datasets: z.array(named),
  metrics: z.array(named.extend({ value: z.number(), unit: z.string().nullable(), page: z.number() })),
  equations: z.array(z.object({ number: z.string().nullable(), page: z.number(), snippet: z.string() })),
  tables: z.array(
    z.object({
      label: z.string(),
      page: z.number(),
      rows: z.number(), // without the header
      columns: z.number(),
      cells: z.array(z.object({ row: z.string(), column: z.number(), text: z.string() })),
    }),
  ),
});

export type PaperLabels = z.infer<typeof paperLabels>;

export const LABELLED_FIELDS = ['roles', 'datasets', 'metrics', 'equations', 'tables', 'cells'] as const;
export type LabelledField = (typeof LABELLED_FIELDS)[number];

/** What could be counted of a paper. `given` of a field whose precision means nothing is null. */
export interface LabelledCounts {
  hits: number;
  given: number | null;
  wanted: number;
}

export type LabelledScore = Record<LabelledField, LabelledCounts>;

/** Every label file of a folder, by name. */
export async function readLabels(folder: URL): Promise<PaperLabels[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(
    files.map(async (name) => paperLabels.parse(JSON.parse(await readFile(new URL(name, folder), 'utf8')))),
  );
}

export function scoreLabels(paper: StructuredPaper, labels: PaperLabels): LabelledScore {
  return {
    roles: roles(paper, labels),
    datasets: pairs(paper.datasets, labels.datasets, (given, wanted) => isCalled(given.name, wanted)),
    metrics: metrics(paper, labels),
    equations: pairs(paper.equations, labels.equations, isEquation),
    tables: pairs(paper.tables, labels.tables, isTable),
    cells: cells(paper, labels),
  };
}

/** The sums of several papers; a paper whose precision is unknown counts for recall alone, apart. */
export function addScores(
  scores: readonly LabelledScore[],
): Record<LabelledField, { precision: Counts; recall: Counts }> {
  const sum = (field: LabelledField): { precision: Counts; recall: Counts } => {
    const total = (counts: readonly LabelledCounts[]): Counts => ({
      hits: counts.reduce((n, { hits }) => n + hits, 0),
      given: counts.reduce((n, { given }) => n + (given ?? 0), 0),
      wanted: counts.reduce((n, { wanted }) => n + wanted, 0),
    });
    const all = scores.map((score) => score[field]);
    return { precision: total(all.filter(({ given }) => given !== null)), recall: total(all) };
  };
  return Object.fromEntries(LABELLED_FIELDS.map((field) => [field, sum(field)])) as ReturnType<typeof addScores>;
}

/** Each given item takes the first free label that it matches. */
function pairs<G, W>(
  given: readonly G[],
  wanted: readonly W[],
  isMatch: (given: G, wanted: W) => boolean,
): LabelledCounts {
  const free = [...wanted];
  let hits = 0;
  for (const item of given) {
    const at = free.findIndex((other) => isMatch(item, other));
    if (at < 0) continue;
    free.splice(at, 1);
    hits += 1;
  }
  return { hits, given: given.length, wanted: wanted.length };
}

const NUMBER = /^(?:\d+(?:\.\d+)*|[IVX]+|[A-Z])[.)]?\s+/;

/** Of the labelled headings that were found at all: how many have their role. What is not found is a matter of sections. */
function roles({ sections }: StructuredPaper, labels: PaperLabels): LabelledCounts {
  const free = [...sections];
  let [hits, found] = [0, 0];
  for (const { heading, role } of labels.roles) {
    const at = free.findIndex((section) => matches(section.heading.replace(NUMBER, ''), heading));
    const section = at < 0 ? undefined : free.splice(at, 1)[0];
    if (!section) continue;
    found += 1;
    if (section.role === role) hits += 1;
  }
  return { hits, given: found, wanted: labels.roles.length };
}

const plain = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}+]/gu, '');

/** One name within the other: "BLEU score" and "BLEU", "WMT 2014 English-German dataset" and the name alone. */
function isCalled(given: string, { name, also }: z.infer<typeof named>): boolean {
  const own = plain(given);
  return [name, ...also].some((other) => {
    const label = plain(other);
    if (own === label) return true;
    const [short, long] = own.length < label.length ? [own, label] : [label, own];
    return short.length >= 3 && long.includes(short);
  });
}

/** The same quantity: value and page, and a name that is the label's or has it in it. */
function metrics(paper: StructuredPaper, labels: PaperLabels): LabelledCounts {
  const counts = pairs(
    paper.metrics,
    labels.metrics,
    (given, wanted) =>
      given.page === wanted.page &&
      given.value !== null &&
      isSame(given.value, wanted.value) &&
      isCalled(given.name, wanted),
  );
  return labels.complete ? counts : { ...counts, given: null };
}

const isSame = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));

const dense = (text: string): string => text.replace(/\s+/g, '');

function isEquation(given: StructuredPaper['equations'][number], wanted: PaperLabels['equations'][number]): boolean {
  if (given.page !== wanted.page) return false;
  if (wanted.number !== null) return given.number === wanted.number;
  return given.number === null && dense(given.text).includes(dense(wanted.snippet));
}

const isTable = (given: StructuredPaper['tables'][number], wanted: PaperLabels['tables'][number]): boolean =>
  given.page === wanted.page && given.label !== null && plain(given.label) === plain(wanted.label);

/** A cell is right when a row that begins as labelled has that text in that column. */
function cells(paper: StructuredPaper, labels: PaperLabels): LabelledCounts {
  const wanted = labels.tables.flatMap((table) => table.cells.map((cell) => ({ table, cell })));
  const hits = wanted.filter(({ table, cell }) =>
    paper.tables.some(
      (given) =>
        isTable(given, table) &&
        given.rows.some((row) => begins(row[0] ?? '', cell.row) && dense(row[cell.column] ?? '') === dense(cell.text)),
    ),
  ).length;
  return { hits, given: null, wanted: wanted.length };
}

const begins = (text: string, label: string): boolean => dense(text).startsWith(dense(label));
