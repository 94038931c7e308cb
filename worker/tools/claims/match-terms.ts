/**
 * How much of a claim's words a passage has, each word weighted by how rare it is in the collection. A word is matched by
 * its stem (1), by its acronym or the acronym's long form (1), or by a word spelt nearly alike (the likeness, from
 * LEAST_LIKENESS on): "phosphorylate" and "phosphorylation", "tumour" and "tumor".
 */
import type { Acronyms } from './acronyms.js';
import type { Statement } from './read-statement.js';

/** How much one stem counts: its inverse document frequency as a share of the greatest there can be, so in (0, 1]. */
export type TermWeight = (term: string) => number;

const LEAST_WEIGHT = 0.02; // a word of every sentence still counts a little

/** Weights from the collection's N sentences: ln((N + 1) / (df + ½)) ÷ ln(2N + 2), at least LEAST_WEIGHT. */
export function weighTerms(statements: Iterable<Pick<Statement, 'termSet'>>): TermWeight {
  const frequency = new Map<string, number>();
  let count = 0;
  for (const { termSet } of statements) {
    count += 1;
    for (const term of termSet) frequency.set(term, (frequency.get(term) ?? 0) + 1);
  }
  const greatest = Math.log(2 * count + 2);
  return (term) => Math.max(LEAST_WEIGHT, Math.log((count + 1) / ((frequency.get(term) ?? 0) + 0.5)) / greatest);
}

const LEAST_LIKENESS = 0.6;

/** How well the passage has the term, 0..1. */
export function matchTerm(term: string, passage: ReadonlySet<string>, acronyms: Acronyms): number {
  if (passage.has(term)) return 1;
  const long = acronyms.get(term);
  if (long?.every((part) => passage.has(part))) return 1;
  for (const [acronym, parts] of acronyms) if (parts.includes(term) && passage.has(acronym)) return 1;
  if (term.length < 5 || /\d/u.test(term)) return 0;
  let best = 0;
  for (const other of passage) {
    if (other.length < 5 || other[0] !== term[0] || /\d/u.test(other)) continue;
    best = Math.max(best, likeness(term, other));
  }
  return best >= LEAST_LIKENESS ? best : 0;
}

/** Dice of the two words' pairs of letters, 0..1. */
function likeness(a: string, b: string): number {
  const pairs = new Set(Array.from({ length: a.length - 1 }, (_, index) => a.slice(index, index + 2)));
  let shared = 0;
  for (let index = 0; index < b.length - 1; index += 1) if (pairs.has(b.slice(index, index + 2))) shared += 1;
  return (2 * shared) / (a.length + b.length - 2);
}

/** Share of the terms' weight that the passage has, 0..1; 0 for no terms. */
export function coverage(
  terms: Iterable<string>,
  passage: ReadonlySet<string>,
  weight: TermWeight,
  acronyms: Acronyms,
): number {
  let total = 0;
  let matched = 0;
  for (const term of terms) {
    const counts = weight(term);
    total += counts;
    matched += counts * matchTerm(term, passage, acronyms);
  }
  return total === 0 ? 0 : matched / total;
}

/** Longest run of terms that stands in both in the same order, gaps allowed, as a share of the first's. */
export function commonOrder(claim: readonly string[], passage: readonly string[]): number {
  if (claim.length === 0) return 0;
  let row = new Array<number>(passage.length + 1).fill(0);
  for (const term of claim) {
    const next = [0];
    for (let index = 0; index < passage.length; index += 1) {
      next.push(passage[index] === term ? (row[index] ?? 0) + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0));
    }
    row = next;
  }
  return (row[passage.length] ?? 0) / claim.length;
}

/** Cosine of the counts of four-letter stretches: alike in spelling, whatever the words' borders. */
export function spellingCosine(a: string, b: string): number {
  const left = fourGrams(a);
  const right = fourGrams(b);
  let dot = 0;
  for (const [gram, count] of left) dot += count * (right.get(gram) ?? 0);
  const norm = (grams: Map<string, number>) => Math.sqrt([...grams.values()].reduce((sum, n) => sum + n * n, 0));
  return dot === 0 ? 0 : dot / (norm(left) * norm(right));
}

function fourGrams(text: string): Map<string, number> {
  const plain = ` ${text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ')} `;
  const grams = new Map<string, number>();
  for (let index = 0; index + 4 <= plain.length; index += 1) {
    const gram = plain.slice(index, index + 4);
    grams.set(gram, (grams.get(gram) ?? 0) + 1);
  }
  return grams;
}
