/** Likeness of two sentences by the weighted terms they share: the measure behind novelty, merging and grouping. */

/** Cosine of two bags of distinct terms under `weight`, 0..1. */
export function cosine(a: ReadonlySet<string>, b: ReadonlySet<string>, weight: (term: string) => number): number {
  let shared = 0;
  let left = 0;
  let right = 0;
  for (const term of a) {
    const square = weight(term) ** 2;
    left += square;
    if (b.has(term)) shared += square;
  }
  for (const term of b) right += weight(term) ** 2;
  return left === 0 || right === 0 ? 0 : shared / Math.sqrt(left * right);
}

/** Share of the smaller bag that the other one has, 0..1. */
export function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const smaller = a.size <= b.size ? a : b;
  const larger = a.size <= b.size ? b : a;
  if (smaller.size === 0) return 0;
  let shared = 0;
  for (const term of smaller) if (larger.has(term)) shared += 1;
  return shared / smaller.size;
}
