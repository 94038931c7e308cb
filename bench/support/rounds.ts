/**
 * Ours and its baselines measured in turn, A B A B, so that what else the machine does in these minutes falls on all of
 * them alike. Within a pair of rounds the order alternates: whoever comes second finds warmer caches.
 */
import { median } from './quantile.js';

/** The median of each contender's figure over the rounds. A round that cannot be measured fails them all. */
export async function interleave<Name extends string>(
  rounds: number,
  contenders: Record<Name, () => Promise<number>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(contenders) as Name[];
  const figures = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      figures.get(name)?.push(await contenders[name]());
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(figures.get(name) ?? [])])) as Record<Name, number>;
}
