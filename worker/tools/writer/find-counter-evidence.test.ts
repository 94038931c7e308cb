import { describe, expect, it } from 'vitest';
import { findCounterEvidence, readEvidence } from './find-counter-evidence.js';
import { readCandidates } from './read-candidates.js';
import { type ROOF_ARTICLES, roofLibrary } from './roof-library.fixture.js';

type Article = (typeof ROOF_ARTICLES)[number];
const article = (title: string, sentence: string): Article => ({
  title,
  authors: ['Ida Fern'],
  year: 2020,
  body: `## Findings\n\n${sentence} Many other measurements were made on the roofs of the city.`,
});

const CLAIM = 'An extensive green roof (EGR) reduces the peak of runoff during heavy summer storms.';

/** What is found against CLAIM when another article has the sentence. */
function against(sentence: string, claim = CLAIM) {
  const { snippets } = roofLibrary([article('First study', claim), article('Second study', sentence)]);
  const [own] = snippets;
  const evidence = readEvidence(readCandidates(snippets).candidates);
  return findCounterEvidence(claim, new Set([own?.snapshotSha256 ?? '']), evidence).map(
    ({ candidate }) => candidate.text,
  );
}

describe('findCounterEvidence', () => {
  it.each([
    ['the opposite direction', 'An extensive green roof increases the peak of runoff during heavy summer storms.'],
    ['a negation', 'An extensive green roof never reduces the peak of runoff during heavy summer storms.'],
    ['the acronym for the long form', 'During heavy summer storms the EGR increases the peak of runoff markedly.'],
  ])('finds %s', (_, sentence) => expect(against(sentence)).toEqual([sentence]));

  it('finds another number in the same unit', () => {
    const claim = 'The extensive green roof delayed the peak of runoff by 18 minutes in summer storms.';
    const other = 'The extensive green roof delayed the peak of runoff by 5 minutes in summer storms.';
    expect(against(other, claim)).toEqual([other]);
  });

  it.each([
    ['the same in other words', 'During heavy summer storms an extensive green roof reduces the peak of runoff.'],
    ['another subject', 'A bitumen roof increases the surface temperature of the building during hot summer days.'],
    [
      'a negation and the opposite direction, which cancel out',
      'An extensive green roof never increases the peak of runoff during heavy summer storms.',
    ],
    ['two groups named side by side', 'Peaks were measured during heavy summer storms with and without a green roof.'],
  ])('leaves alone %s', (_, sentence) => expect(against(sentence)).toEqual([]));

  it('does not hold a source against itself', () => {
    const { snippets } = roofLibrary([
      article('Study', 'An extensive green roof never reduces the peak of runoff during heavy summer storms.'),
    ]);
    const evidence = readEvidence(readCandidates(snippets).candidates);
    expect(evidence.sentences.length).toBeGreaterThan(0);
    expect(findCounterEvidence(CLAIM, new Set(snippets.map((snippet) => snippet.snapshotSha256)), evidence)).toEqual(
      [],
    );
  });
});
