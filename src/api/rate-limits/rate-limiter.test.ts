import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import type { SqlRunner } from '../../platform/database/sql.js';
import { type Claim, RateLimiter, WINDOW_MS } from './rate-limiter.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(() => Promise.all(limiters.splice(0).map((limiter) => limiter.close())));
afterAll(() => db?.drop());

const limiters: RateLimiter[] = [];
const onError = (error: unknown) => {
  throw error;
};
/** Its clock stands still: what is refilled is what Postgres has refilled, a moment's worth. */
function limiterOf(sql: SqlRunner = db.database.nobody): RateLimiter {
  const limiter = new RateLimiter({ sql, onError, now: () => 0 });
  limiters.push(limiter);
  return limiter;
}
const claim = (bucket: string, quota = 100): Claim => ({ bucket, quota });

/** How many of `tries` were let in. */
async function admitted(limiter: RateLimiter, claims: Claim[], tries: number): Promise<number> {
  const verdicts = await Promise.all(Array.from({ length: tries }, () => limiter.take(claims, 1)));
  return verdicts.filter((verdict) => verdict === null).length;
}

describe('a bucket', () => {
  test('gives its quota, then says how long to wait for the next', async () => {
    const limiter = limiterOf();
    const quota = 60_000; // so large that what Postgres refills meanwhile is told apart from a mistake
    for (const amount of [30_000, 29_000]) expect(await limiter.take([claim('a', quota)], amount)).toBeNull();
    const refusal = await limiter.take([claim('a', quota)], 59_000);
    expect(refusal?.claim.bucket).toBe('a');
    expect(refusal?.waitMs).toBeGreaterThan(0.9 * (58_000 / quota) * WINDOW_MS);
    expect(refusal?.waitMs).toBeLessThanOrEqual((58_000 / quota) * WINDOW_MS);
  });

  test('is one for all processes', async () => {
    const processes = [limiterOf(), limiterOf(), limiterOf()];
    let sum = 0;
    for (const limiter of processes) sum += await admitted(limiter, [claim('shared')], 100);
    // what Postgres refills while the test runs is at most a few
    expect(sum).toBeGreaterThanOrEqual(100);
    expect(sum).toBeLessThan(100 + 3 * 10 + 20);
  });

  test('is gone over by a tenth of the quota a process at most, and owes what was', async () => {
    const processes = Array.from({ length: 5 }, () => limiterOf());
    const first = await Promise.all(processes.map((limiter) => admitted(limiter, [claim('rush')], 100)));
    const sum = first.reduce((a, b) => a + b, 0);
    expect(sum).toBeLessThan(100 + 5 * 10 + 20);
    await Promise.all(processes.map((limiter) => limiter.settle()));
    expect(await admitted(limiterOf(), [claim('rush')], 30)).toBeLessThanOrEqual(10); // a newcomer learns of it when it settles
  });

  test('of many is taken from only when all of them have enough', async () => {
    const limiter = limiterOf();
    const [wide, narrow] = [claim('wide', 1000), claim('narrow', 10)];
    expect(await admitted(limiter, [wide, narrow], 50)).toBe(10);
    expect(limiter.remaining(wide)).toBeGreaterThanOrEqual(990);
    expect(limiter.remaining(narrow)).toBe(0);
  });

  test('lets something larger than itself through when it is full, and is in debt then', async () => {
    const limiter = limiterOf();
    expect(await limiter.take([claim('small', 10)], 25)).toBeNull();
    const refusal = await limiter.take([claim('small', 10)], 1);
    expect(refusal?.waitMs).toBeGreaterThan(WINDOW_MS);
  });
});

test('many takes cost few statements', async () => {
  let statements = 0;
  const counting: SqlRunner = {
    query: (statement, params) => {
      statements += 1;
      return db.database.nobody.query(statement, params);
    },
  };
  const limiter = limiterOf(counting);
  for (let i = 0; i < 1_000; i++) await limiter.take([claim('busy', 100_000), claim('busy too', 100_000)], 1);
  await limiter.close();
  expect(statements).toBeLessThanOrEqual(10);
});

test('while Postgres does not answer, a process limits by what it knows, and asks only once in a while', async () => {
  let statements = 0;
  const errors: unknown[] = [];
  const away: SqlRunner = {
    query: async () => {
      statements += 1;
      throw new Error('away');
    },
  };
  const limiter = new RateLimiter({ sql: away, onError: (error) => errors.push(error), now: () => 0 });
  expect(await admitted(limiter, [claim('alone')], 200)).toBe(100);
  await limiter.close();
  expect([statements, errors.length]).toEqual([1, 1]);
});

test('buckets that nobody uses any more are tidied up', async () => {
  const left = async () => (await db.admin.query('select count(*)::int as n from rate_buckets')).rows[0].n;
  await db.admin.query(
    `insert into rate_buckets (bucket, capacity, level, settled_at) values (sha256('x'), 1, 1, now() - interval '1 hour')`,
  );
  const limiter = limiterOf();
  const before = await left();
  for (let i = 0; i < 2_000 && (await left()) >= before; i++) {
    await limiter.take([claim('busy')], 0.01);
    await limiter.settle();
  }
  expect((await db.admin.query(`select 1 from rate_buckets where bucket = sha256('x')`)).rows).toEqual([]);
});
