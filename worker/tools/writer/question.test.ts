import { describe, expect, it } from 'vitest';
import { speaking } from './kindred.js';
import { readQuestion } from './question.js';

describe('readQuestion', () => {
  it.each([
    ['What is nDCG and how does it differ from average precision?', ['DEFINITION', 'COMPARISON']],
    ['Why do test collections matter, and what are their limitations?', ['REASON', 'LIMITS']],
    ['How old do sharks get?', ['QUANTITY']],
    ['How do green roofs retain rainwater?', ['MECHANISM']],
    ['When was the paradigm introduced?', ['TIME']],
    ['Who discovered the frog and when?', ['PERSON']],
    ['What do students think of the course?', ['OPINION']],
    ['What are the strengths and weaknesses of notebooks?', ['DEFINITION']],
    ['Green roofs in cities', ['TOPIC']],
    ['Explain precision, recall and nDCG', ['TOPIC', 'TOPIC', 'TOPIC']],
  ])('%s asks for %j', (question, kinds) => {
    expect(readQuestion(question).facets.map((facet) => facet.kind)).toEqual(kinds);
  });

  it.each([
    ['Compare the Transformer and Mistral 7B', ['the Transformer', 'Mistral 7B']],
    ['What is the difference between wolves and dogs in social tolerance?', ['wolves', 'dogs']],
  ])('%s asks of both', (question, members) => {
    const { facets } = readQuestion(question);
    expect(facets.slice(1).map(({ text }) => text)).toEqual(members);
  });

  it('asks of both sides what the rest of the clause asks', () => {
    const { facets } = readQuestion('What is the difference between wolves and dogs in social tolerance?');
    expect(facets[1]?.terms).toEqual(expect.arrayContaining(facets[2]?.terms.slice(1) ?? ['none']));
  });

  it('asks of each member of an enumeration what the rest of the clause asks', () => {
    const { facets } = readQuestion(
      'How is uncertainty quantified in ecological forecasts, climate projections and groundwater models?',
    );
    expect(facets.map(({ text }) => text)).toEqual([
      'ecological forecasts',
      'climate projections',
      'groundwater models',
    ]);
    for (const { terms } of facets) expect(terms).toContain('uncertainti');
  });

  it('knows what “its” stands for in a later clause', () => {
    const [first, second] = readQuestion('How does attention work in the Transformer, and what are its limits?').facets;
    expect(first?.about).toEqual([]);
    expect(second?.about).toEqual(first?.terms);
  });

  it('keeps a hyphenated word together: its first part proves nothing, and the thing it names little', () => {
    const { terms } = readQuestion('What is self-attention?');
    expect(terms).toEqual(['self-attent']);
    expect(speaking(new Set(['self', 'pace']), 'self-attent')).toBe(0);
    expect(speaking(new Set(['self', 'attent']), 'self-attent')).toBe(1);
    expect(speaking(new Set(['attent']), 'self-attent')).toBeLessThan(0.5);
    expect(speaking(new Set(['attent']), 'self-attent')).toBeGreaterThan(0);
  });

  it('lets a word of the same root stand for less than the word itself', () => {
    const [term = ''] = readQuestion('How do frogs reproduce?').terms.slice(-1);
    expect(speaking(new Set(['reproduct']), term)).toBeGreaterThan(0.5);
    expect(speaking(new Set(['reproduct']), term)).toBeLessThan(1);
    expect(speaking(new Set(['report']), 'repeat')).toBe(0);
  });

  it('lets a kindred word stand for less than the word itself', () => {
    const { terms } = readQuestion('Can the measurements be trusted?');
    expect(
      terms.some((term) => speaking(new Set(['reliabl']), term) > 0 && speaking(new Set(['reliabl']), term) < 1),
    ).toBe(true);
  });

  it.each(['', '???', 'What is the most important thing to know?', '🙂 🙂'])('finds no subject in “%s”', (question) => {
    expect(readQuestion(question).terms).toEqual([]);
  });

  it('answers at most five clauses of a question without end', () => {
    expect(readQuestion('Why is rain wet and how do fish swim? '.repeat(40)).facets.length).toBeLessThanOrEqual(5);
  });
});
