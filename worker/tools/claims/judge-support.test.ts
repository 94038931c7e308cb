import { describe, expect, it } from 'vitest';
import { judgeSupport } from './judge-support.js';

const roofs = [
  'Flat green roofs retained 62% of the yearly rainfall in the survey of Malmø.',
  'Steep green roofs hold less rainwater than flat green roofs in winter.',
  'Sedum plants survived the dry summer on most of the roofs.',
  'The cost of maintenance was not recorded.',
];

describe('judgeSupport', () => {
  it('finds the passage that says the claim in its own words', () => {
    const judged = judgeSupport('In winter, steep green roofs hold less rainwater than flat green roofs do.', roofs);
    expect(judged).toMatchObject({ verdict: 'SUPPORTED', best: { passage: 1, stance: 'SUPPORTS' }, vetoes: [] });
    expect(judged.confidence).toBeGreaterThan(0.75);
  });

  it.each([
    ['a changed direction', 'Steep green roofs hold more rainwater than flat green roofs in winter.', 1],
    ['a negation', 'Steep green roofs do not hold less rainwater than flat green roofs in winter.', 1],
    ['another number', 'Flat green roofs retained 26% of the yearly rainfall in the survey of Malmø.', 0],
  ])('is REFUTED by %s', (_, claim, passage) => {
    expect(judgeSupport(claim, roofs)).toMatchObject({ verdict: 'REFUTED', best: { passage, stance: 'REFUTES' } });
  });

  it('is not refuted by what a passage only grants at its opening', () => {
    const judged = judgeSupport('Young roofs shed moss and lichen in winter up to eight weeks after sowing.', [
      'Although losses were not observed, young roofs shed moss and lichen in winter up to eight weeks after sowing.',
    ]);
    expect(judged.against).toEqual([]);
  });

  it('is MIXED when one passage bears the claim out and another contradicts it', () => {
    const judged = judgeSupport('Steep green roofs hold less rainwater than flat green roofs in winter.', [
      ...roofs,
      'In winter steep green roofs hold more rainwater than flat green roofs.',
    ]);
    expect(judged).toMatchObject({ verdict: 'MIXED', best: { passage: 1 }, against: [{ passage: 4 }] });
  });

  it.each([
    ['NUMBER_MISSING', 'Steep green roofs hold 30 mm less rainwater than flat green roofs in winter.', roofs],
    ['NAME_MISSING', 'Steep XR12 green roofs hold less rainwater than flat green roofs in winter.', roofs],
    [
      'HEDGE_LOST',
      'Steep green roofs hold less rainwater than flat green roofs in winter.',
      ['Steep green roofs may possibly hold less rainwater than flat green roofs in winter.'],
    ],
  ])('vetoes support: %s', (veto, claim, passages) => {
    const judged = judgeSupport(claim, passages);
    expect(judged.verdict).toBe('UNSUPPORTED');
    expect(judged.vetoes).toContain(veto);
  });

  it('knows an acronym by its long form, as the passages introduce it', () => {
    const judged = judgeSupport('FGR retained most of the yearly rainfall in Malmø.', [
      'A flat green roof (FGR) was built in Malmø.',
      'The flat green roof retained most of the yearly rainfall in Malmø.',
    ]);
    expect(judged).toMatchObject({ verdict: 'SUPPORTED', best: { passage: 1 } });
  });

  it.each([
    ['of another subject', ['Large language models were trained on code.', 'Their loss fell with size.']],
    ['none', []],
  ])('is UNSUPPORTED by passages: %s', (_, passages) => {
    expect(judgeSupport('Steep green roofs hold less rainwater than flat green roofs.', passages)).toMatchObject({
      verdict: 'UNSUPPORTED',
      against: [],
      best: null,
    });
  });

  it('leaves citation marks and pointers to figures out of the comparison', () => {
    const judged = judgeSupport(
      'Steep green roofs hold less rainwater than flat green roofs in winter [<|cit|>] (12).',
      roofs,
    );
    expect(judged).toMatchObject({ verdict: 'SUPPORTED', vetoes: [] });
  });
});
