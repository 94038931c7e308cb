/**
 * How sure the fields between the headings are. Tables, figures and numbered equations are checked against what the text
 * itself mentions: a paper that speaks of "Table 4" has one. Names, values and claims rest on how plain their cues were.
 */
import type {
  CandidateClaim,
  DatasetMention,
  FieldConfidence,
  MetricMention,
  PaperFigure,
} from '../../../../../src/papers/structured-paper.js';
import { WELL_KNOWN } from './dataset-names.js';
import type { SetEquation } from './equations.js';
import type { ProseSentence } from './prose-sentences.js';
import type { SetTable } from './tables.js';

export interface ReadParts {
  tables: readonly SetTable[];
  figures: readonly PaperFigure[];
  equations: readonly SetEquation[];
  datasets: readonly DatasetMention[];
  metrics: readonly MetricMention[];
  claims: readonly CandidateClaim[];
  sentences: readonly ProseSentence[];
}

export function trustIn(parts: ReadParts): FieldConfidence[] {
  return [inTables(parts), inFigures(parts), inEquations(parts), inDatasets(parts), inMetrics(parts), inClaims(parts)];
}

const NONE_MENTIONED = 0.9; // nothing found, and the text speaks of nothing

/** Of the numbers that the text mentions after a word: how many the labels have. */
function coverage(
  sentences: readonly ProseSentence[],
  word: RegExp,
  labels: readonly (string | null)[],
): [number, number] {
  const mentioned = new Set(sentences.flatMap(({ text }) => [...text.matchAll(word)].map(([, number = '']) => number)));
  const found = new Set(labels.map((label) => /[\dIVXL.]+$/.exec(label ?? '')?.[0] ?? ''));
  return [[...mentioned].filter((number) => found.has(number)).length, mentioned.size];
}

const TABLE = /\bT(?:able|ABLE|ab\.)s? (\d{1,3}|[IVX]+)(?![\p{L}\d])/gu;
const FIGURE = /\bF(?:igure|IGURE|ig\.|IG\.)s? ?(\d{1,3})(?!\d)/gu;
const EQUATION = /\b(?:Eqs?\.|[Ee]quations?) ?\((\d{1,3})\)/gu;

function inTables({ tables, sentences }: ReadParts): FieldConfidence {
  const labels = tables.map(({ table }) => table.label);
  const [found, mentioned] = coverage(sentences, TABLE, labels);
  if (tables.length === 0 && mentioned === 0) return trust('tables', NONE_MENTIONED, 'no table found, none mentioned');
  const read = tables.filter(({ grid }) => grid !== null).length;
  const share = mentioned === 0 ? 0.8 : found / mentioned;
  const cells = tables.length === 0 ? 0 : read / tables.length;
  return trust(
    'tables',
    share * (0.5 + 0.4 * cells),
    `${found} of ${mentioned} tables that the text mentions found; ${read} of ${tables.length} with cells`,
  );
}

function inFigures({ figures, sentences }: ReadParts): FieldConfidence {
  const [found, mentioned] = coverage(
    sentences,
    FIGURE,
    figures.map(({ label }) => label),
  );
  if (figures.length === 0 && mentioned === 0)
    return trust('figures', NONE_MENTIONED, 'no figure found, none mentioned');
  const share = mentioned === 0 ? 0.8 : found / mentioned;
  return trust('figures', 0.95 * share, `${found} of ${mentioned} figures that the text mentions have a caption`);
}

function inEquations({ equations, sentences }: ReadParts): FieldConfidence {
  const [found, mentioned] = coverage(
    sentences,
    EQUATION,
    equations.map(({ equation }) => equation.number),
  );
  if (equations.length === 0) {
    const score = mentioned === 0 ? 0.85 : 0.1;
    return trust('equations', score, `no displayed equation found, ${mentioned} mentioned by number`);
  }
  const whole = equations.filter(({ isWhole }) => isWhole).length / equations.length;
  const numbers = equations.flatMap(({ equation }) =>
    /^\d+$/.test(equation.number ?? '') ? [Number(equation.number)] : [],
  );
  const gaps = numbers.length === 0 ? 0.7 : new Set(numbers).size / Math.max(...numbers);
  const share = mentioned === 0 ? gaps : Math.min(gaps, found / mentioned);
  return trust(
    'equations',
    Math.min(1, share) * (0.55 + 0.35 * whole),
    `${equations.length} displayed, ${Math.round(100 * whole)} % of them on one line; ${numbers.length} numbered up to ${Math.max(0, ...numbers)}`,
  );
}

function inDatasets({ datasets }: ReadParts): FieldConfidence {
  if (datasets.length === 0) return trust('datasets', 0.6, 'no name with the word for a dataset beside it');
  const known = datasets.filter(({ name }) => WELL_KNOWN.has(name)).length;
  return trust(
    'datasets',
    0.65 + 0.25 * (known / datasets.length),
    `${datasets.length} names by their cues, ${known} widely known`,
  );
}

function inMetrics({ metrics }: ReadParts): FieldConfidence {
  if (metrics.length === 0) return trust('metrics', 0.6, 'no number bound to the name of a measure');
  const fromTables = metrics.filter(({ sentence }) => sentence.includes(' | ')).length;
  const share = fromTables / metrics.length;
  return trust(
    'metrics',
    0.7 + 0.15 * share,
    `${metrics.length} values: ${fromTables} from tables, the rest bound in a clause`,
  );
}

function inClaims({ claims }: ReadParts): FieldConfidence {
  const best = [...claims].sort((a, b) => b.score - a.score).slice(0, 3);
  if (best.length === 0) return trust('claims', 0.1, 'no sentence that reads like a finding');
  const mean = best.reduce((sum, { score }) => sum + score, 0) / best.length;
  return trust('claims', 0.9 * mean, `the best of ${claims.length} sentences score ${mean.toFixed(2)} on average`);
}

const trust = (field: FieldConfidence['field'], score: number, basis: string): FieldConfidence => ({
  field,
  score: Math.round(100 * Math.min(1, Math.max(0, score))) / 100,
  basis,
});
