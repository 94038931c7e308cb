/**
 * Groups sentences by what they are about. Average-link agglomeration over weighted terms, the heading a sentence
 * stands under among them; the question's own terms count little, since all sentences share them. Deterministic: ties
 * are broken by the order of the input.
 */
import { cosine } from './similarity.js';
import type { RankedSentence } from './rank-sentences.js';

const MIN_LIKENESS = 0.04; // below this two groups share nothing but chance words
const QUESTION_TERM_SHARE = 0.25;

/** About `target` groups of two sentences or more, strongest first. A sentence that is like nothing else is left out. */
export function clusterSentences(
  sentences: readonly RankedSentence[],
  questionTerms: ReadonlySet<string>,
  weight: (term: string) => number,
  target: number,
): RankedSentence[][] {
  const topical = (term: string) => weight(term) * (questionTerms.has(term) ? QUESTION_TERM_SHARE : 1);
  const bags = sentences.map((sentence) => new Set([...sentence.terms, ...sentence.headingTerms]));
  const likeness = bags.map((a) => bags.map((b) => cosine(a, b, topical)));
  let groups = sentences.map((_, index) => [index]);
  while (groups.length > 1) {
    const best = closestPair(groups, likeness);
    if (best.likeness < MIN_LIKENESS || groups.filter((group) => group.length > 1).length + loose(groups) <= target) break;
    const merged = [...(groups[best.left] ?? []), ...(groups[best.right] ?? [])].sort((a, b) => a - b);
    groups = groups.filter((_, index) => index !== best.left && index !== best.right);
    groups.push(merged);
  }
  return adopt(groups, likeness)
    .map((group) => group.flatMap((index) => sentences[index] ?? []))
    .sort((a, b) => strength(b) - strength(a));
}

const LOOSE_PER_GROUP = 4; // loose sentences count as a quarter of a group while merging, so that they do not force it

const loose = (groups: readonly number[][]) => groups.filter((group) => group.length === 1).length / LOOSE_PER_GROUP;

/** Gives each loose sentence to the group it is most like. */
function adopt(groups: readonly number[][], likeness: readonly number[][]): number[][] {
  const solid = groups.filter((group) => group.length > 1).map((group) => [...group]);
  if (solid.length === 0) return groups.length === 0 ? [] : [groups.flat()];
  for (const [index] of groups.filter((group) => group.length === 1)) {
    if (index === undefined) continue;
    const scored = solid.map((group) => ({ group, value: averageLink([index], group, likeness) }));
    const best = scored.reduce((a, b) => (b.value > a.value ? b : a));
    if (best.value >= MIN_LIKENESS) best.group.push(index);
  }
  return solid;
}

/** A group is as strong as its best four sentences together. */
export const strength = (group: readonly RankedSentence[]) =>
  [...group]
    .map((sentence) => sentence.relevance)
    .sort((a, b) => b - a)
    .slice(0, 4)
    .reduce((sum, value) => sum + value, 0);

function closestPair(groups: readonly number[][], likeness: readonly number[][]) {
  let best = { left: 0, right: 1, likeness: -1 };
  for (let left = 0; left < groups.length; left++) {
    for (let right = left + 1; right < groups.length; right++) {
      const value = averageLink(groups[left] ?? [], groups[right] ?? [], likeness);
      if (value > best.likeness) best = { left, right, likeness: value };
    }
  }
  return best;
}

function averageLink(a: readonly number[], b: readonly number[], likeness: readonly number[][]): number {
  let sum = 0;
  for (const i of a) for (const j of b) sum += likeness[i]?.[j] ?? 0;
  return sum / (a.length * b.length);
}
