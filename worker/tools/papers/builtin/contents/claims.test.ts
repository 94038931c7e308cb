import { describe, expect, it } from 'vitest';
import type { SectionRole } from '../../../../../src/papers/structured-paper.js';
import { readClaims, scoreOf } from './claims.js';
import type { ProseSentence } from './prose-sentences.js';

const score = (text: string, role: SectionRole = 'EVALUATION'): number => scoreOf({ text, role });

function sentences(...told: [string, SectionRole][]): ProseSentence[] {
  let at = 0;
  return told.map(([text, role]) => {
    const startOffset = at;
    at += Buffer.byteLength(text) + 1;
    return { text, role, startOffset, endOffset: startOffset + Buffer.byteLength(text), section: null, isLead: false };
  });
}

describe('a sentence scores as a claim', () => {
  it('for its own finding, a comparison and a number', () => {
    const finding = score('We find that the new model outperforms the old one by 2.1 points on all tests.');
    const remark = score('The section is organised in the following way for all readers.');
    expect(finding).toBeGreaterThan(0.7);
    expect(remark).toBeLessThan(0.45);
  });

  it('less when it tells what others found, what will be done or how something was done', () => {
    const own = score('We show that wolves are at least as attentive as dogs to their partners.');
    expect(score('It has been shown that wolves are as attentive as dogs (Smith et al., 2010).')).toBeLessThan(
      own - 0.4,
    );
    expect(score('We will show that wolves are at least as attentive as dogs in future work.')).toBeLessThan(own);
    expect(score('We used wolves and dogs of the same age in all of the experiments.')).toBeLessThan(0.3);
  });

  it('more in the results than in a review of others’ work', () => {
    const text = 'Accuracy increased by 12 % with the larger model.';
    expect(score(text, 'EVALUATION')).toBeGreaterThan(score(text, 'RELATED') + 0.5);
  });
});

describe('claims', () => {
  const finding = 'We find that mortality was significantly lower in the treated group (p < 0.01).';

  it('are verbatim, in reading order, with offsets, and not said twice', () => {
    const claims = readClaims(
      sentences(
        ['The Transformer outperforms all earlier models by more than 2.0 BLEU in our tests.', 'ABSTRACT'],
        ['The weather was not recorded by anyone on that day in the field.', 'METHOD'],
        [finding, 'EVALUATION'],
        ['In our tests the Transformer outperforms all earlier models by more than 2.0 BLEU.', 'CONCLUSION'],
      ),
      [],
    );
    expect(claims.map(({ text }) => text)).toEqual([
      'The Transformer outperforms all earlier models by more than 2.0 BLEU in our tests.',
      finding,
    ]);
    expect(claims[1]?.startOffset).toBeGreaterThan(claims[0]?.endOffset ?? 0);
  });

  it('are never taken from references, acknowledgements or others’ work', () => {
    expect(
      readClaims(sentences([finding, 'REFERENCES'], [finding, 'RELATED'], [finding, 'ACKNOWLEDGEMENTS']), []),
    ).toEqual([]);
  });

  it('are at most twenty', () => {
    const many = Array.from({ length: 40 }, (_, i): [string, SectionRole] => [
      `We find that measure${i} of sample${i} in region${i} increased by ${i + 1}.${i} % over season${i}.`,
      'EVALUATION',
    ]);
    expect(readClaims(sentences(...many), [])).toHaveLength(20);
  });

  it('of a paper that asserts little are its best sentence, not none', () => {
    const claims = readClaims(
      sentences(['The course has fourteen lectures and is open to all of the world.', 'OTHER']),
      [],
    );
    expect(claims).toHaveLength(1);
  });

  it('are not questions, fragments or sentences with lost signs', () => {
    const texts: [string, SectionRole][] = [
      ['Does the new model outperform the old one by more than 2.0 BLEU?', 'ABSTRACT'],
      ['outperforms the old model by more than 2.0 BLEU on every test that was made', 'ABSTRACT'],
      ['We find that females produce ,100 eggs, which is significantly more than others.', 'ABSTRACT'],
    ];
    expect(readClaims(sentences(...texts), [])).toEqual([]);
  });
});
