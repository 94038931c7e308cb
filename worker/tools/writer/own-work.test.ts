import { expect, it } from 'vitest';
import { ownNames, praisesOwnWork } from './own-work.js';

it.each([
  ['Mistral 7B', [], 'Mistral 7B'],
  ['PyQInt: A teaching-oriented implementation', [], 'PyQInt'],
  ['Attention is all you need', ['We propose a new architecture, the Transformer, based on attention.'], 'Transformer'],
])('of “%s” %j the own name is %s', (title, texts, name) => expect([...ownNames(title, texts)]).toContain(name));

it('takes the subject of a survey for nobody’s own', () => {
  expect([
    ...ownNames('BM25 as a baseline and the problem of weak baselines', ['BM25 is a ranking function.']),
  ]).toEqual([]);
});

it.each([
  ['Mistral 7B displays a superior performance in reasoning.', true],
  ['On most tasks, Mistral 7B outperforms larger models.', true],
  ['Mistral 7B is released under an open licence.', false],
  ['Mistral 7B was found to be efficient (Moss 2024).', false], // somebody else found it
  ['Larger models are superior to Mistral 7B.', false],
])('“%s” is praise of one’s own: %s', (sentence, expected) =>
  expect(praisesOwnWork(sentence, new Set(['Mistral 7B']))).toBe(expected),
);
