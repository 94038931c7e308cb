import { expect, it } from 'vitest';
import { formBonus, hasForm } from './answer-forms.js';
import { type Facet, readQuestion } from './question.js';

const facetOf = (question: string): Facet => {
  const [facet] = readQuestion(question).facets;
  if (!facet) throw new Error('It asks nothing.');
  return facet;
};

it.each([
  ['How many topics does a collection need?', 'A good experiment needs 25 topics.', true],
  ['How many topics does a collection need?', 'A good experiment needs many topics.', false],
  ['How reliable are patient records?', 'Records are often lost.', true], // no number is needed
  ['When was pooling invented?', 'Pooling goes back to a proposal of 1975.', true],
  ['When was pooling invented?', 'Pooling goes back to an old proposal.', false],
  ['Who discovered the frog?', 'Iskandar and Tjan documented the frog.', true],
  ['Who discovered the frog?', 'The frog was seen on an island.', false],
  ['What do students think of the course?', 'The course was well received.', true],
  ['What do students think of the course?', 'The course takes three weeks.', false],
  ['What are the limits of pooling?', 'Pooling cannot find all documents.', true],
  ['What are the limits of pooling?', 'Pooling saves time.', false],
])('%s is answered in its form by “%s”: %s', (question, sentence, expected) =>
  expect(hasForm(facetOf(question), sentence)).toBe(expected),
);

it('gives most for a number of just what is counted', () => {
  const facet = facetOf('How many topics does a collection need?');
  const bonus = (text: string) => formBonus(facet, { text, spoken: new Set() });
  expect(bonus('It needs 25 topics or more.')).toBeGreaterThan(bonus('It needs 3 assessors and many topics.'));
  expect(bonus('It needs 3 assessors and many topics.')).toBeGreaterThan(bonus('It needs many topics.'));
});
