import { describe, expect, it } from 'vitest';
import { createSignedQueries } from './signed-query.js';

const [OLD, NEW] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const EXPIRES = 1_800_000_000; // seconds of Unix time
const SUBJECT = ['GET', 'a'];
let now = EXPIRES - 60;

const queries = (secret: Uint8Array, ...previousSecrets: Uint8Array[]) =>
  createSignedQueries({ secret, previousSecrets, purpose: 'test', clock: () => new Date(now * 1000) });
const signed = (by: ReturnType<typeof queries>): Record<string, string> =>
  Object.fromEntries(by.sign(SUBJECT, EXPIRES, { name: 'x' }));
const refusal = (by: ReturnType<typeof queries>, query: Record<string, unknown>): string => {
  try {
    by.open(SUBJECT, query);
    return 'accepted';
  } catch (error) {
    expect(error).toMatchObject({ code: 'URL_REFUSED', hint: expect.stringContaining('Ask for a new one') });
    return (error as Error).message;
  }
};
const NOT_VALID = 'This link is not valid.';
const NO_KEY = 'This link was signed with a key that the server does not have (any more).';

describe('a query that was signed before the key was changed', () => {
  const before = signed(queries(OLD));
  const rotated = queries(NEW, OLD);

  it('grants what it did until it expires, as long as the earlier key is kept', () => {
    expect(rotated.open(SUBJECT, before)).toEqual({ expires: String(EXPIRES), name: 'x' });
    now = EXPIRES;
    expect(refusal(rotated, before)).toBe('This link has expired.');
    now = EXPIRES - 60;
  });

  it('is told so once that key was dropped', () => {
    expect(refusal(queries(NEW), before)).toBe(NO_KEY);
  });

  it('is followed by ones of the new key alone', () => {
    const after = signed(rotated);
    expect(after.kid).not.toBe(before.kid);
    expect(queries(NEW).open(SUBJECT, after)).toEqual({ expires: String(EXPIRES), name: 'x' });
    expect(refusal(queries(OLD), after)).toBe(NO_KEY);
  });

  it('gains nothing by naming another key, or none', () => {
    const { kid: _none, ...nameless } = before;
    expect(refusal(rotated, { ...before, kid: signed(rotated).kid })).toBe(NOT_VALID);
    expect(refusal(rotated, { ...before, kid: '' })).toBe(NO_KEY);
    expect(refusal(rotated, { ...before, kid: [before.kid, before.kid] })).toBe(NOT_VALID);
    expect(refusal(rotated, nameless)).toBe(NOT_VALID);
    expect(refusal(rotated, { ...before, name: 'y' })).toBe(NOT_VALID);
  });
});

it('takes no secret that is too short, an earlier one neither', () => {
  expect(() => queries(Buffer.alloc(31))).toThrow('32 bytes');
  expect(() => queries(NEW, Buffer.alloc(31))).toThrow('32 bytes');
});
