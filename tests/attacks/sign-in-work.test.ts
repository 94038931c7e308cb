/** Whether somebody has an account is told by no answer, and by no work that an answer would have to wait for. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestApi, type TestApi } from '../support/api.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const work = vi.hoisted(() => [] as string[]);
vi.mock('@node-rs/argon2', async (original) => {
  const argon2 = await original<typeof import('@node-rs/argon2')>();
  return {
    ...argon2,
    hash: (...args: Parameters<typeof argon2.hash>) => {
      work.push('hash');
      return argon2.hash(...args);
    },
    verify: (...args: Parameters<typeof argon2.verify>) => {
      work.push(`verify ${String(args[0]).split('$').slice(0, 4).join('$')}`); // with its parameters
      return argon2.verify(...args);
    },
  };
});

let db: TestDatabase;
let api: TestApi;
beforeAll(async () => {
  db = await createTestDatabase();
  api = await startTestApi(db);
});
afterAll(async () => {
  await api?.close();
  await db?.drop();
});

const SIGN_IN = 'mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }';

test('an unknown address takes the same work and gets the same answer as a wrong password', async () => {
  const { email } = await api.register('known');
  const attempt = async (address: string) => {
    work.length = 0;
    const answer = await api.gql(SIGN_IN, { input: { email: address, password: 'not the password' } });
    return { work: [...work], errors: answer.errors };
  };
  await attempt('first@example.org'); // makes the hash of nobody's password, once a process
  const [unknown, wrong] = [await attempt('nobody@example.org'), await attempt(email)];
  expect(wrong.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  expect(unknown).toEqual(wrong);
  expect(wrong.work).toEqual([expect.stringMatching(/^verify \$argon2id\$v=19\$m=19456,t=2,p=1/)]);
});
