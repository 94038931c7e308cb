/** The labelled fields as a table: precision and recall, on the papers that rules were tried on and on those held out. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { StructuredPaper } from '../../src/papers/structured-paper.js';
import {
  addScores,
  LABELLED_FIELDS,
  type LabelledField,
  type LabelledScore,
  type PaperLabels,
  scoreLabels,
} from './labelled-fields.js';
import type { Counts } from './score-paper.js';

/** npm runs the bench in the repository's folder; what is built does not hold the labels. */
export const LABELS = pathToFileURL(`${path.resolve('bench/papers/labels')}/`);

const NAMES: Record<LabelledField, string> = {
  roles: 'roles of headings found',
  datasets: 'datasets',
  metrics: 'measured values (name, value, page)',
  equations: 'equations (number, page)',
  tables: 'tables (label, page)',
  cells: 'table cells (row, column, text)',
};

/** Papers without labels are passed over. */
export function labelledTable(
  read: readonly { file: string; paper: StructuredPaper }[],
  labels: readonly PaperLabels[],
): string {
  const scored = labels.flatMap((label) => {
    const one = read.find(({ file }) => file === label.file);
    return one ? [{ split: label.split, score: scoreLabels(one.paper, label) }] : [];
  });
  const of = (split: PaperLabels['split']): LabelledScore[] =>
    scored.filter((one) => one.split === split).map(({ score }) => score);
  const [tried, heldOut] = [of('development'), of('held-out')];
  const sums = [addScores(tried), addScores(heldOut)];
  return [
    `| labelled by hand | precision, ${tried.length} papers | recall | precision, ${heldOut.length} held out | recall |`,
    '| --- | --- | --- | --- | --- |',
    ...LABELLED_FIELDS.map((field) => {
      const cells = sums.flatMap((sum) => [
        share(sum[field].precision, sum[field].precision.given),
        share(sum[field].recall, sum[field].recall.wanted),
      ]);
      return `| ${NAMES[field]} | ${cells.join(' | ')} |`;
    }),
  ].join('\n');
}

const share = ({ hits }: Counts, of: number): string =>
  of === 0 ? '–' : `${(hits / of).toFixed(2)} (${hits} of ${of})`;
