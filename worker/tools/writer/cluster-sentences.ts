/**
 * Groups sentences by what they are about. What stands under one heading of one source was put together by its author:
 * such a passage is kept whole. Passages that speak of the same things are then joined across sources, most alike
 * first; a lone sentence goes to the passage it is most like, or is left out. Likeness is the average cosine of
 * weighted terms, in which the question's own terms count little, since all sentences share them.
 *
 * Deterministic: ties are broken by the order of the input.
 */

import type { RankedSentence } from './rank-sentences.js';
import { cosine } from './similarity.js';

const JOIN_LIKENESS = 0.1; // from here on two passages are about the same thing
const ADOPT_LIKENESS = 0.04; // below this a lone sentence shares nothing but chance words with a group
const MAX_PASSAGE = 14; // sentences; more under one heading is no passage but a chapter, and is taken apart
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
  let groups = passages(sentences);
  while (solidCount(groups) + looseCount(groups) / LOOSE_PER_GROUP > target) {
    const best = closestPair(groups, likeness);
    if (best.likeness < JOIN_LIKENESS) break;
    const merged = [...(groups[best.left] ?? []), ...(groups[best.right] ?? [])].sort((a, b) => a - b);
    groups = groups.filter((_, index) => index !== best.left && index !== best.right);
    groups.push(merged);
  }
  return adopt(groups, likeness)
    .map((group) => group.flatMap((index) => sentences[index] ?? []))
    .sort((a, b) => strength(b) - strength(a));
}

const LOOSE_PER_GROUP = 4; // loose sentences count as a quarter of a group while joining, so that they do not force it

const solidCount = (groups: readonly number[][]) => groups.filter((group) => group.length > 1).length;
const looseCount = (groups: readonly number[][]) => groups.length - solidCount(groups);

/** Indexes of sentences that stand under one heading of one source; those without a heading by themselves. */
function passages(sentences: readonly RankedSentence[]): number[][] {
  const byHeading = new Map<string, number[]>();
  for (const [index, { snippet }] of sentences.entries()) {
    const key = snippet.heading === null ? `alone ${index}` : `${snippet.sourceId} ${snippet.heading}`;
    const group = byHeading.get(key);
    if (group) group.push(index);
    else byHeading.set(key, [index]);
  }
  return [...byHeading.values()].flatMap((group) =>
    group.length > MAX_PASSAGE ? group.map((index) => [index]) : [group],
  );
}

/** Gives each loose sentence to the group it is most like. */
function adopt(groups: readonly number[][], likeness: readonly number[][]): number[][] {
  const solid = groups.filter((group) => group.length > 1).map((group) => [...group]);
  if (solid.length === 0) return groups.length === 0 ? [] : [groups.flat()];
  for (const [index] of groups.filter((group) => group.length === 1)) {
    if (index === undefined) continue;
    const scored = solid.map((group) => ({ group, value: averageLink([index], group, likeness) }));
    const best = scored.reduce((a, b) => (b.value > a.value ? b : a));
    if (best.value >= ADOPT_LIKENESS) best.group.push(index);
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
