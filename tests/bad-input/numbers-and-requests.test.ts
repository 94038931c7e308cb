/** Numbers out of their range, and requests that are none. */
import { describe, expect, test } from 'vitest';
import type { GraphQLAnswer } from '../support/api.js';
import { badInput, expectTyped, MUTATIONS } from '../support/bad-input.js';

const at = badInput();
describe('numbers', () => {
  const research = async (input: Record<string, unknown>, what: string) => {
    const operation = MUTATIONS.find(({ field }) => field === 'Mutation.startResearch');
    const base = { projectId: await at.world.places.shared.project(), question: 'Why?' };
    return (await at.attempt(operation?.document ?? '', { input: { ...base, ...input } }, what)).code;
  };

  test('a budget out of its range is refused', async () => {
    const bounds = { wallMs: [999, 86_400_001], sources: [0, 201], artifactBytes: [1_023, 1_073_741_825] };
    for (const [name, outside] of Object.entries(bounds)) {
      for (const value of [...outside, 0, -1, 1.5, 1e300, '7', [], {}]) {
        const what = `${name}: ${JSON.stringify(value)}`;
        expect([what, await research({ budget: { [name]: value } }, what)]).toEqual([what, 'BAD_INPUT']);
      }
    }
    for (const maxSources of [0, -1, 201, 2147483647, 1.5]) {
      expect([maxSources, await research({ maxSources }, `maxSources ${maxSources}`)]).toEqual([
        maxSources,
        'BAD_INPUT',
      ]);
    }
  });

  test('a question that is empty or too long is refused', async () => {
    const questions = ['', ' ', '?', '🧪', '\u0000', '\u200b', 'w'.repeat(1_001), `${'why '.repeat(240_000)}?`];
    for (const question of questions) {
      const what = `question of ${question.length} characters`;
      expect([what, await research({ question }, what)]).toEqual([what, 'BAD_INPUT']);
    }
    expect(await research({ question: 'w'.repeat(1_000) }, 'the longest question')).toBe('ok');
  });

  test('a year or a size that is none is refused', async () => {
    const projectId = await at.world.places.shared.project();
    const ingest = MUTATIONS.find(({ field }) => field === 'Mutation.ingestPaper')?.document ?? '';
    for (const year of [0, -1, 999, 3000, 2147483648, 1.5, '2020']) {
      const { code } = await at.attempt(ingest, { input: { projectId, text: 'A text.', year } }, `year ${year}`);
      expect([year, code]).toEqual([year, 'BAD_INPUT']);
    }
    const prepare = MUTATIONS.find(({ field }) => field === 'Mutation.prepareUpload')?.document ?? '';
    for (const bytes of [0, -1, 0.5, 1e300, 64 * 1024 * 1024 + 1]) {
      const input = { projectId, fileName: 'a.txt', mediaType: 'text/plain', bytes };
      expect([bytes, (await at.attempt(prepare, { input }, `bytes ${bytes}`)).code]).toEqual([bytes, 'BAD_INPUT']);
    }
  });

  test('a link may not live for no time, or for ever', async () => {
    const id = await at.world.places.shared.artifact();
    for (const seconds of [0, -1, 29, 86_401, 2147483647, 2147483648, 1.5]) {
      const query = 'query ($id: ID!, $s: Int!) { artifact(id: $id) { downloadUrl(expiresInSeconds: $s) } }';
      expect([seconds, (await at.attempt(query, { id, s: seconds }, `${seconds} s`)).code]).toEqual([
        seconds,
        'BAD_INPUT',
      ]);
    }
  });
});

describe('requests', () => {
  test.each([
    ['no body', 'application/json', '', 400],
    ['half a body', 'application/json', '{"query": "{ viewer', 400],
    ['a list', 'application/json', '[]', 400],
    ['a number', 'application/json', '7', 400],
    ['text', 'text/plain', '{ viewer { roles } }', 400],
    ['XML', 'application/xml', '<viewer/>', 415],
    ['a form', 'multipart/form-data; boundary=x', '--x--', 415],
    [
      'too much',
      'application/json',
      JSON.stringify({ query: '{ viewer { roles } }', pad: 'x'.repeat(1_000_001) }),
      413,
    ],
    ['an unknown field', 'application/json', '{"query": "{ nobody }"}', 400],
    [
      'an unknown operation',
      'application/json',
      '{"query": "query A { viewer { roles } }", "operationName": "B"}',
      400,
    ],
    ['variables that are none', 'application/json', '{"query": "{ viewer { roles } }", "variables": 7}', 400],
    [
      'ten thousand fields',
      'application/json',
      JSON.stringify({ query: `{ ${'viewer { roles } '.repeat(10_000)} }` }),
      400,
    ],
  ])('with %s are refused', async (what, contentType, body, status) => {
    const response = await fetch(`${at.world.api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': contentType, authorization: `Bearer ${at.world.tokens.OWNER}` },
      body,
    });
    expectTyped((await response.json()) as GraphQLAnswer, what);
    expect(response.status).toBe(status);
  });

  test.each([
    '',
    'x',
    'Bearer',
    'Basic YTpi',
    'Bearer pws_short',
    `Bearer pw_${'A'.repeat(43)}`,
    `Bearer ${'x'.repeat(9_000)}`,
    'Bearer ../../etc',
  ])('with the credential "%s" are refused', async (authorization) => {
    const response = await fetch(`${at.world.api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify({ query: '{ viewer { roles } }' }),
    });
    expect(expectTyped((await response.json()) as GraphQLAnswer, authorization)).toBe('UNAUTHENTICATED');
  });
});
