/** Precision, recall and F1 of each class, and their mean: every class counts the same, however rare. */

export interface ClassScore {
  name: string;
  precision: number;
  recall: number;
  f1: number;
  /** Claims that have this label. */
  count: number;
}

export interface Scores {
  classes: ClassScore[];
  macroF1: number;
}

export function scoreClasses<T extends string>(names: readonly T[], gold: readonly T[], said: readonly T[]): Scores {
  const classes = names.map((name): ClassScore => {
    const count = gold.filter((label) => label === name).length;
    const answered = said.filter((label) => label === name).length;
    const hits = gold.filter((label, index) => label === name && said[index] === name).length;
    return {
      name,
      precision: answered === 0 ? 0 : hits / answered,
      recall: count === 0 ? 0 : hits / count,
      f1: count + answered === 0 ? 0 : (2 * hits) / (count + answered),
      count,
    };
  });
  return { classes, macroF1: classes.reduce((sum, { f1 }) => sum + f1, 0) / classes.length };
}
