/**
 * Measures of a ranking against graded judgements, as trec_eval computes them: nDCG@10 with linear gain
 * (Järvelin & Kekäläinen 2002), average precision over all that was retrieved, and recall at 100.
 */

/** Document id → grade; 0 and absent both mean not relevant. */
export type Judgements = ReadonlyMap<string, number>;

const discounted = (grades: readonly number[]): number =>
  grades.reduce((sum, grade, index) => sum + grade / Math.log2(index + 2), 0);

export function ndcgAt10(ranking: readonly string[], judgements: Judgements): number {
  const gained = discounted(ranking.slice(0, 10).map((id) => judgements.get(id) ?? 0));
  const ideal = discounted([...judgements.values()].sort((a, b) => b - a).slice(0, 10));
  return ideal === 0 ? 0 : gained / ideal;
}

export function averagePrecision(ranking: readonly string[], judgements: Judgements): number {
  const relevant = [...judgements.values()].filter((grade) => grade > 0).length;
  let found = 0;
  let sum = 0;
  ranking.forEach((id, index) => {
    if ((judgements.get(id) ?? 0) <= 0) return;
    found += 1;
    sum += found / (index + 1);
  });
  return relevant === 0 ? 0 : sum / relevant;
}

export function recallAt100(ranking: readonly string[], judgements: Judgements): number {
  const relevant = [...judgements.values()].filter((grade) => grade > 0).length;
  const found = ranking.slice(0, 100).filter((id) => (judgements.get(id) ?? 0) > 0).length;
  return relevant === 0 ? 0 : found / relevant;
}
