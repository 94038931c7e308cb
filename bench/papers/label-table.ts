/** Precision and recall against the hand labels, for those of their papers that the folder holds. */
import {
  addScores,
  LABELLED_FIELDS,
  type LabelledScore,
  type PaperLabels,
  readLabels,
  scoreLabels,
} from './labelled-fields.js';
import type { ReadOnce } from './read-folder.js';
import type { Counts } from './score-paper.js';

const FOLDER = new URL('../../../bench/papers/labels/', import.meta.url); // from dist/bench/papers
const SPLITS = ['development', 'held-out'] as const satisfies readonly PaperLabels['split'][];

export async function labelTable(read: readonly ReadOnce[]): Promise<string> {
  const labels = await readLabels(FOLDER);
  const scored = labels.flatMap((label) => {
    const paper = read.find(({ file }) => file === label.file)?.paper;
    return paper ? [{ split: label.split, score: scoreLabels(paper, label) }] : [];
  });
  const sums = SPLITS.map((split) => {
    const scores: LabelledScore[] = scored.filter((one) => one.split === split).map(({ score }) => score);
    return { split, papers: scores.length, sum: addScores(scores) };
  });
  return [
    `| against our labels | ${sums.map(({ split, papers }) => `${split} (${papers} papers): precision | recall`).join(' | ')} |`,
    `| --- |${' --- |'.repeat(2 * sums.length)}`,
    ...LABELLED_FIELDS.map((field) => {
      const cells = sums.map(
        ({ sum }) => `${share(sum[field].precision, 'given')} | ${share(sum[field].recall, 'wanted')}`,
      );
      return `| ${field} | ${cells.join(' | ')} |`;
    }),
  ].join('\n');
}

const share = (counts: Counts, of: 'given' | 'wanted'): string =>
  counts[of] === 0 ? '' : `${(counts.hits / counts[of]).toFixed(2)} (${counts.hits} of ${counts[of]})`;
