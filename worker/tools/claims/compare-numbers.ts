/** Numbers with their units, claim against evidence: found, missing, or given otherwise for the same unit. */
import type { Quantity } from '../writer/words.js';

export interface NumberComparison {
  /** Share of the claim's numbers that the evidence has, 0..1; 1 for a claim without numbers. */
  found: number;
  missing: number;
  /** Of the missing ones, those whose unit the evidence counts with another value. */
  conflicting: number;
}

/** Years are left out: they date a statement and count nothing. */
export function compareNumbers(claim: readonly Quantity[], evidence: readonly Quantity[]): NumberComparison {
  const counted = claim.filter(({ value, unit }) => unit !== '' || !isYear(value));
  const missing = counted.filter(
    ({ value, unit }) => !evidence.some((other) => other.value === value && (other.unit === '%') === (unit === '%')),
  );
  const conflicting = missing.filter(({ unit }) => unit !== '' && evidence.some((other) => other.unit === unit));
  return {
    found: counted.length === 0 ? 1 : 1 - missing.length / counted.length,
    missing: missing.length,
    conflicting: conflicting.length,
  };
}

const isYear = (value: string) => /^(?:19|20)\d\d$/u.test(value);
