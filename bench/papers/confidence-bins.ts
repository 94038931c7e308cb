/** Does confidence mean something? Accuracy by confidence, a field and bin, over the papers whose truth is known. */
import type { PaperField } from '../../src/papers/structured-paper.js';
import type { ReadOnce } from './read-folder.js';
import { f1, SCORED_FIELDS } from './score-paper.js';

const BINS = [0, 0.5, 0.7, 0.85, 0.95] as const; // lower bounds

interface Sample {
  confidence: number;
  accuracy: number; // 0..1: right or wrong, or the F1 of a list
}

export function confidenceTable(read: readonly ReadOnce[]): string {
  const fields: { field: PaperField; samples: Sample[] }[] = [
    ...SCORED_FIELDS.map((field) => ({ field, samples: read.flatMap((one) => scored(one, field)) })),
    { field: 'year', samples: read.flatMap((one) => exact(one, 'year')) },
    { field: 'doi', samples: read.flatMap((one) => exact(one, 'doi')) },
  ];
  const names = BINS.map((from, index) => `${from}–${BINS[index + 1] ?? 1}`);
  return [
    `| accuracy by confidence | ${names.join(' | ')} |`,
    `| --- |${' --- |'.repeat(BINS.length)}`,
    ...fields.map(({ field, samples }) => `| ${field} | ${BINS.map((_, bin) => cell(samples, bin)).join(' | ')} |`),
  ].join('\n');
}

function cell(samples: readonly Sample[], bin: number): string {
  const [from, to] = [BINS[bin] ?? 0, BINS[bin + 1] ?? Number.POSITIVE_INFINITY];
  const inside = samples.filter(({ confidence }) => confidence >= from && confidence < to);
  if (inside.length === 0) return '';
  const mean = inside.reduce((sum, { accuracy }) => sum + accuracy, 0) / inside.length;
  return `${mean.toFixed(2)} (${inside.length})`;
}

function scored({ paper, score }: ReadOnce, field: (typeof SCORED_FIELDS)[number]): Sample[] {
  const counts = score.counts[field];
  const confidence = paper.confidence.find((one) => one.field === field)?.score;
  return counts && confidence !== undefined ? [{ confidence, accuracy: f1(counts) }] : [];
}

function exact({ paper, truth }: ReadOnce, field: 'year' | 'doi'): Sample[] {
  const wanted = truth[field];
  const confidence = paper.confidence.find((one) => one.field === field)?.score;
  if (wanted == null || confidence === undefined) return [];
  return [{ confidence, accuracy: String(paper[field]).toLowerCase() === String(wanted).toLowerCase() ? 1 : 0 }];
}
