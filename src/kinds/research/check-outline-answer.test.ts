import { describe, expect, it } from 'vitest';
import { checkOutlineAnswer } from './check-outline-answer.js';

const proposal = { title: 'Roofs', sections: [{ heading: 'Rain', facet: 'Do roofs hold rain', evidence: ['ab12'] }] };
const check = (answer: unknown) => checkOutlineAnswer(answer, { proposal });

describe('checkOutlineAnswer', () => {
  it('takes the proposal as it stands, sent back or approved', () => {
    const expected = {
      title: 'Roofs',
      sections: [{ heading: 'Rain', facet: 'Do roofs hold rain', evidence: ['ab12'] }],
    };
    expect(check(proposal)).toEqual(expected);
    expect(check({ approve: true })).toEqual(expected);
  });

  it('leaves the evidence of a new section to be found by its heading', () => {
    expect(check({ sections: [{ heading: '  Costs \n and upkeep ' }] })).toEqual({
      title: null,
      sections: [{ heading: 'Costs and upkeep', facet: null, evidence: null }],
    });
  });

  it.each([
    ['nothing', null],
    ['a refusal', { approve: false }],
    ['no sections', { sections: [] }],
    ['an empty heading', { sections: [{ heading: ' ' }] }],
    ['a heading of a thousand characters', { sections: [{ heading: 'x'.repeat(1_000) }] }],
    ['eleven sections', { sections: Array.from({ length: 11 }, (_, index) => ({ heading: `h${index}` })) }],
    ['two sections of one name', { sections: [{ heading: 'Rain' }, { heading: 'rain' }] }],
    ['a list', [proposal]],
  ])('refuses %s', (_, answer) => expect(() => check(answer)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' })));
});
