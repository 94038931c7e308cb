/** Answers to an input request that are none. */
import { describe, expect, test } from 'vitest';
import type { GraphQLAnswer } from '../support/api.js';
import { badInput, expectTyped, HOSTILE, HUGE, MUTATIONS } from '../support/bad-input.js';
import { tableContents } from '../support/table-contents.js';

const at = badInput();
describe('the answer to an input request', () => {
  const heading = (text: string) => ({ sections: [{ heading: text }] });
  const ANSWERS: Record<string, unknown> = {
    null: null,
    'a number': 7,
    'a text': 'yes',
    'an empty object': {},
    'an empty list': [],
    'no sections': { sections: [] },
    'sections that are texts': { sections: ['one'] },
    'eleven sections': { sections: Array.from({ length: 11 }, (_, i) => ({ heading: `Part ${i}` })) },
    'two sections of one name': { sections: [{ heading: 'One' }, { heading: 'ONE' }] },
    'a megabyte of heading': heading(HUGE),
    'an empty heading': heading(' '),
    'approval and more': { approve: true, and: 'more' },
    'a prototype': JSON.parse('{"__proto__":{"approve":true}}'),
  };

  test.each(Object.entries(ANSWERS))('%s is refused with BAD_INPUT', async (what, answer) => {
    const operation = MUTATIONS.find(({ field }) => field === 'Mutation.answerInputRequest');
    const input = { requestId: await at.world.places.shared.inputRequest(), answer };
    const { code } = await at.attempt(operation?.document ?? '', { input }, what);
    expect(code).toBe('BAD_INPUT');
  });

  test.each([1_000, 100_000])('%i levels deep is refused with BAD_INPUT', async (levels) => {
    const operation = MUTATIONS.find(({ field }) => field === 'Mutation.answerInputRequest');
    const deep = `${'['.repeat(levels)}${']'.repeat(levels)}`;
    const requestId = await at.world.places.shared.inputRequest();
    for (const answer of [deep, `{"sections": ${deep}}`, `{"sections": [{"heading": "One", "evidence": ${deep}}]}`]) {
      const before = await tableContents(at.world.db);
      const response = await fetch(`${at.world.api.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${at.world.tokens.OWNER}` },
        body: `{"query": ${JSON.stringify(operation?.document)}, "variables": {"input": {"requestId": "${requestId}", "answer": ${answer}}}}`,
      });
      expect(expectTyped((await response.json()) as GraphQLAnswer, `${levels} levels`)).toBe('BAD_INPUT');
      expect(await tableContents(at.world.db)).toEqual(before);
    }
  });

  test('a heading of hostile text is taken and stored so that it can be read again', async () => {
    const operation = MUTATIONS.find(({ field }) => field === 'Mutation.answerInputRequest');
    for (const what of ['NUL', 'a lone high surrogate', 'SQL', 'HTML', 'emoji', 'JSON', 'a template']) {
      const input = { requestId: await at.world.places.shared.inputRequest(), answer: heading(HOSTILE[what] ?? '') };
      expect([what, (await at.attempt(operation?.document ?? '', { input }, what)).code]).toEqual([what, 'ok']);
    }
  });
});
