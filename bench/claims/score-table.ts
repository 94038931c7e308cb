/** Scores as a Markdown table. */

import { LABELS, type Label } from './claims-folder.js';
import { type Scores, scoreClasses } from './class-scores.js';

const LABEL_OF = new Map<string, Label>(Object.entries(LABELS).map(([label, name]) => [name, label as Label]));

export function scoreTable(title: string, { classes, macroF1 }: Scores): string {
  const rows = classes.map(({ name, precision, recall, f1, count }) =>
    row(LABEL_OF.get(name) ?? name, precision.toFixed(3), recall.toFixed(3), f1.toFixed(3), String(count)),
  );
  const total = classes.reduce((sum, { count }) => sum + count, 0);
  return [
    row(title, 'precision', 'recall', 'F1', 'claims'),
    row('---', '---', '---', '---', '---'),
    ...rows,
    row('macro-F1', '', '', macroF1.toFixed(3), String(total)),
  ].join('\n');
}

const row = (...cells: string[]) => `| ${cells.join(' | ')} |`;

/** Figure by figure, the mean of several scorings of the same claims. */
export function meanScores(scores: readonly Scores[]): Scores {
  const mean = (pick: (score: Scores) => number) => scores.reduce((sum, score) => sum + pick(score), 0) / scores.length;
  const first = scores[0] ?? scoreClasses([], [], []);
  return {
    macroF1: mean((score) => score.macroF1),
    classes: first.classes.map((own, index) => ({
      ...own,
      precision: mean((score) => score.classes[index]?.precision ?? 0),
      recall: mean((score) => score.classes[index]?.recall ?? 0),
      f1: mean((score) => score.classes[index]?.f1 ?? 0),
    })),
  };
}
