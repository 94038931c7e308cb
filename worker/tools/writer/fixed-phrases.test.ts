import { describe, expect, it } from 'vitest';
import type { EvidenceSnippet } from './evidence-snippet.js';
import { findFixedPhrases, isOnSubject, strayTerms } from './fixed-phrases.js';
import { readCandidates } from './read-candidates.js';

const snippet = (text: string, sourceTitle = 'A paper'): EvidenceSnippet => ({
  snippetId: text.slice(0, 20),
  sourceId: sourceTitle,
  sourceTitle,
  sourceAuthors: [],
  sourceYear: null,
  snapshotId: sourceTitle,
  snapshotSha256: sourceTitle,
  text,
  startOffset: 0,
  endOffset: Buffer.byteLength(text),
  page: null,
  pageStarts: [],
  heading: null,
  score: 1,
});

const { candidates } = readCandidates([
  snippet('Reinforcement learning trains an agent by the rewards that its actions earn over time.'),
  snippet('The exploration of an agent is what makes reinforcement learning so slow in practice.', 'Agents'),
  snippet('The learning of new words takes a child about as long as the forgetting of old ones.', 'Children'),
]);
const phrases = findFixedPhrases('What is reinforcement learning, and how do children learn words?', candidates);
const onChildren = candidates.find(({ snippet: { sourceId } }) => sourceId === 'Children');

describe('a phrase that the library keeps together', () => {
  it('is one that stands side by side in it wherever the rarer word does', () => {
    expect(phrases).toEqual([{ terms: ['reinforc', 'learn'] }]);
    expect(findFixedPhrases('Does learning reinforcement work?', candidates)).toEqual([]); // not in this order
  });

  it('makes a sentence with one of its words alone stray from the subject', () => {
    if (!onChildren) throw new Error('the sentence was not read');
    expect([...strayTerms(onChildren, phrases)].sort()).toEqual(['learn', 'reinforc']);
    expect(isOnSubject(['reinforc', 'learn'], onChildren, phrases)).toBe(false);
    expect(isOnSubject(['children', 'word'], onChildren, phrases)).toBe(true); // no phrase of that clause
  });

  it('is whole where the title of the source completes it', () => {
    if (!onChildren) throw new Error('the sentence was not read');
    const titled = { ...onChildren, titleTerms: new Set(['reinforc']) };
    expect(strayTerms(titled, phrases).size).toBe(0);
  });
});
