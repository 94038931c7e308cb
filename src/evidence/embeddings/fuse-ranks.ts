/**
 * One ranking from several whose scores have nothing in common: reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR
 * 2009). It needs no training, which there is no set for: which model a library is embedded by is the operator's choice.
 */

const SMOOTHING = 60; // as in the paper; the best places count nearly alike

/** Lists of names, best first, each name once a list. The result: every name's score, 0..1; 1 for the best, 0 for the last. */
export function fuseRanks(lists: readonly (readonly string[])[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const list of lists)
    list.forEach((name, place) => {
      sums.set(name, (sums.get(name) ?? 0) + 1 / (SMOOTHING + place + 1));
    });
  const values = [...sums.values()];
  const least = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const spread = values.reduce((a, b) => Math.max(a, b), 0) - least;
  return new Map([...sums].map(([name, sum]) => [name, spread === 0 ? 1 : (sum - least) / spread]));
}
