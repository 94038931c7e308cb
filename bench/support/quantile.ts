/** Order statistics of what was measured: medians and tails, because means say little on a machine that does other things. */

/** The value below which the share `q` (0 to 1) of `values` lies, as one of them; NaN of none. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
