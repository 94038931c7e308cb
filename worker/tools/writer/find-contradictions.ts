/**
 * Where sources disagree: each claim that another source contradicts, with both sides in their own words. The report
 * takes no side. Two claims that contradict each other are one disagreement, not two.
 */
import type { Contradiction, FinishedClaim, FinishedReceipt } from './finished-report.js';

/** In the order of the claims. */
export function findContradictions(claims: readonly FinishedClaim[]): Contradiction[] {
  const told = new Set<string>();
  return claims.flatMap((claim): Contradiction[] => {
    const one = claim.receipts.filter((receipt) => receipt.stance === 'SUPPORTS');
    const other = claim.receipts.filter((receipt) => receipt.stance === 'REFUTES');
    const pairs = one.flatMap((left) => other.map((right) => [placeOf(left), placeOf(right)].sort().join(' ')));
    const isNew = pairs.some((pair) => !told.has(pair));
    for (const pair of pairs) told.add(pair);
    return isNew ? [{ claim: claim.key, one, other }] : [];
  });
}

const placeOf = ({ snapshotSha256, startOffset }: FinishedReceipt) => `${snapshotSha256}:${startOffset}`;
