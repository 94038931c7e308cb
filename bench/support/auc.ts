/**
 * How well one figure tells two kinds apart: the chance that one drawn from `some` is greater than one drawn from `others`,
 * ties counting half (the area under the ROC curve, the Mann–Whitney U over n·m). 0.5: not at all; 0 or 1: always. NaN where
 * either is empty.
 */
export function auc(some: readonly number[], others: readonly number[]): number {
  const sorted = [...others].sort((a, b) => a - b);
  const wins = some.map((value) => (countWhile(sorted, (n) => n < value) + countWhile(sorted, (n) => n <= value)) / 2);
  return wins.reduce((sum, n) => sum + n, 0) / (some.length * others.length);
}

/** How many stand at the beginning that are so, and none after them. */
function countWhile(sorted: readonly number[], is: (n: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (is(sorted[middle] as number)) low = middle + 1;
    else high = middle;
  }
  return low;
}
