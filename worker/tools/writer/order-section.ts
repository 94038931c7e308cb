/**
 * The order in which a section reads: what the thing is, how it works, what was measured, where it falls short. Within
 * one step sentences that stand under one heading of a source stay together, in that source's order, so that an
 * author's line of thought survives the cutting; the passage that bears most on the question comes first.
 */
import { statesLimit } from './cautions.js';
import type { RankedSentence } from './rank-sentences.js';

export const READING_STEPS = ['DEFINITION', 'MECHANISM', 'EVIDENCE', 'CAVEAT'] as const;
export type ReadingStep = (typeof READING_STEPS)[number];

const DEFINES =
  /\b(?:is|are) (?:an?|the) \p{L}|\b(?:is|are) (?:called|known as|defined as)\b|\b(?:refers? to|denotes|is defined|consists? of|was (?:introduced|proposed|developed)|use the term)\b|^As defined by\b/iu;
const MEASURES =
  /(?<![\p{L}\p{N}.])\d+(?:[.,]\d+)*(?![\p{L}])|\b(?:found|showed|observed|measured|correlat\w+|significantly)\b/iu;

/** The step of the reading order a sentence belongs to. A number that is only a year is no measurement. */
export function readingStep(sentence: string): ReadingStep {
  const undated = sentence.replace(/\(?(?:19|20)\d\d[a-z]?\)?/gu, '');
  if (DEFINES.test(sentence.slice(0, 110)) && !/\b(?:not|never)\b/iu.test(sentence.slice(0, 110))) return 'DEFINITION';
  if (MEASURES.test(undated)) return 'EVIDENCE';
  return statesLimit(sentence) ? 'CAVEAT' : 'MECHANISM';
}

/** Steps in reading order, each with its sentences; empty steps are left out. */
export function orderSection(
  sentences: readonly RankedSentence[],
): { step: ReadingStep; sentences: RankedSentence[] }[] {
  return READING_STEPS.map((step) => ({
    step,
    sentences: byPassage(sentences.filter((sentence) => readingStep(sentence.text) === step)),
  })).filter((group) => group.sentences.length > 0);
}

function byPassage(sentences: readonly RankedSentence[]): RankedSentence[] {
  const place = ({ snippet }: RankedSentence) => `${snippet.sourceId} ${snippet.heading ?? ''}`;
  const order = [...sentences].sort((a, b) => b.relevance - a.relevance || (a.id < b.id ? -1 : 1));
  return [...new Set(order.map(place))].flatMap((passage) =>
    order.filter((sentence) => place(sentence) === passage).sort((a, b) => a.startOffset - b.startOffset),
  );
}
