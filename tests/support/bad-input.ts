/**
 * Bad input through the public API: whatever comes is either taken as it is or refused with a typed error that says what is
 * wrong, and what is refused leaves no trace in any table.
 */
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { ERROR_CODES } from '../../src/platform/errors.js';
import { isA, operations } from '../matrix/operations.js';
import { openWorld, type World } from '../matrix/world.js';
import type { GraphQLAnswer } from './api.js';
import { tableContents } from './table-contents.js';

const credentials = { email: 'bad-input@example.org', password: 'correct horse battery' };
export const MUTATIONS = operations(credentials).filter(isA('Mutation'));

/** Almost all that a request may hold: the limit of a body is 1,000,000 bytes. */
export const HUGE = 'x'.repeat(990_000);

export const HOSTILE: Record<string, string> = {
  'an empty string': '',
  'white space': ' \t\n\u00a0\u2003 ',
  'a megabyte': HUGE,
  'a megabyte of emoji': '🧪'.repeat(240_000),
  binary: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0xff, 0xfe, 0x01]).toString('latin1'),
  emoji: 'Ünïcode 🧪👩‍🔬🏳️‍🌈',
  NUL: 'before\u0000after',
  'a lone high surrogate': 'high \ud800 alone',
  'a lone low surrogate': '\udfff',
  'text from right to left': 'שלום עולם',
  'a bidirectional override': 'safe\u202egpj.exe',
  'zero width': '\u200b\u200d\ufeff',
  'terminal control': '\u001b[31mred\u001b[0m\u0007',
  SQL: `'; drop table projects; --`,
  HTML: '<script>alert(1)</script><img src=x onerror=alert(1)>',
  'a path': '../../../../etc/passwd',
  'a path of Windows': '..\\..\\windows\\system32',
  'a template': `{{7*7}} ${'$'}{7*7} <%= 7*7 %> #{7*7} $1 %s %n`,
  JSON: '{"__proto__":{"admin":true},"constructor":{"prototype":{}}}',
  lines: 'one\r\nSet-Cookie: a=b\r\n\r\ntwo',
  'a formula': '=cmd|"/C calc"!A0',
};

export interface BadInput {
  readonly world: World;
  send(query: string, variables?: Record<string, unknown>): Promise<GraphQLAnswer>;
  /** Sends it; a refusal is typed and leaves every table as it was. Answers the code, `ok` without one. */
  attempt(
    query: string,
    variables: Record<string, unknown>,
    what: string,
  ): Promise<{ code: string; answer: GraphQLAnswer }>;
}

/** For the tests of the calling file: a world of their own, whose owner sends. */
export function badInput(): BadInput {
  let world: World;
  const send: BadInput['send'] = (query, variables = {}) => world.api.gql(query, variables, world.tokens.OWNER);
  beforeAll(async () => {
    world = await openWorld();
    const input = { ...credentials, displayName: 'Bad', tenantName: 'Input' };
    await send('mutation ($input: RegisterInput!) { register(input: $input) { __typename } }', { input });
  });
  beforeEach(() => world.db.admin.query('delete from sign_in_attempts'));
  afterAll(() => world?.close());
  return {
    get world() {
      return world;
    },
    send,
    async attempt(query, variables, what) {
      const before = await tableContents(world.db);
      const answer = await send(query, variables);
      if (!answer.errors) return { code: 'ok', answer };
      const code = expectTyped(answer, what);
      const after = await tableContents(world.db);
      expect(after, `${what} was refused with ${code}, yet something was written`).toEqual(before);
      return { code, answer };
    },
  };
}

const REFUSALS = ERROR_CODES.filter((code) => code !== 'INTERNAL' && code !== 'UNAVAILABLE');
export const TELLTALE =
  /\bselect\b|\binsert\b|\bviolates\b|\bconstraint\b|relation "|syntax error at|pg_|node_modules|\.ts:\d|\.js:\d|\bat [\w.<>]+ \(/;

/** The first error is one of the closed list, says what happened, and tells nothing of how we are made. */
export function expectTyped({ errors }: GraphQLAnswer, what: string): string {
  const [error] = errors ?? [];
  const code = String(error?.extensions.code);
  expect(REFUSALS, `${what}: ${JSON.stringify(error)?.slice(0, 300)}`).toContain(code);
  expect(error?.message.length, what).toBeGreaterThan(15);
  expect(error?.message.length, `${what}: the message repeats what was sent`).toBeLessThan(600);
  const own = JSON.stringify({ ...error, locations: [] });
  expect(own.length, `${what}: the error repeats what was sent`).toBeLessThan(2_000);
  expect(own.replace(/drop table projects/g, ''), what).not.toMatch(TELLTALE);
  return code;
}
