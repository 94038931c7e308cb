import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import { createActor } from '../../../tests/support/people.js';
import { resealAll } from './reseal.js';
import { createSealer, type Sealer } from './sealed-secret.js';

const SECRET = Buffer.from('12345678901234567890');
const OLD = 'a'.repeat(32);
const OLDER = 'b'.repeat(32);
const NEW = 'c'.repeat(32);
const GONE = 'd'.repeat(32);
const sealer = createSealer(NEW, [OLD, OLDER]);

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db?.drop());
beforeEach(() => db.admin.query('delete from second_factors'));

/** Somebody whose second factor was sealed so. */
async function person(by: Sealer, confirmed = true): Promise<string> {
  const { userId } = await createActor(db);
  await db.admin.query(
    `insert into second_factors (user_id, sealed_secret, digits, period_seconds, last_step, confirmed_at)
     values ($1, $2, 6, 30, -1, $3)`,
    [userId, by.seal(SECRET, userId), confirmed ? new Date() : null],
  );
  return userId;
}

async function sealOf(userId: string): Promise<Buffer> {
  const { rows } = await db.admin.query('select sealed_secret from second_factors where user_id = $1', [userId]);
  return rows[0].sealed_secret;
}

async function resealed() {
  const told: { level: number; msg: string }[] = [];
  const log = pino({}, { write: (line) => void told.push(JSON.parse(line)) });
  const counts = await resealAll({ scope: db.database.nobody, sealer, log });
  return { counts, levels: told.map(({ level }) => level) };
}

test('all that earlier keys have sealed is sealed anew, begun enrolments too, so that those keys can be dropped', async () => {
  const current = await person(sealer);
  const untouched = await sealOf(current);
  const people = [
    await person(createSealer(OLD)),
    await person(createSealer(OLDER)),
    await person(createSealer(OLD), false),
  ];
  expect(await resealed()).toEqual({ counts: { resealed: 3, unreadable: 0 }, levels: [30] });
  const withoutOld = createSealer(NEW);
  for (const userId of people) expect(withoutOld.open(await sealOf(userId), userId)).toEqual(SECRET);
  expect(await sealOf(current)).toEqual(untouched);
  expect(await resealed(), 'and nothing is left to do').toEqual({ counts: { resealed: 0, unreadable: 0 }, levels: [] });
});

test('what cannot be read is counted, told and left as it is', async () => {
  const [lost, kept] = [await person(createSealer(GONE)), await person(createSealer(OLD))];
  const seal = await sealOf(lost);
  expect(await resealed()).toEqual({ counts: { resealed: 1, unreadable: 1 }, levels: [30, 40] });
  expect(await sealOf(lost)).toEqual(seal);
  expect(createSealer(NEW).open(await sealOf(kept), kept)).toEqual(SECRET);
});

test('more than are read at a time', async () => {
  await db.admin.query(
    `with made as (insert into users (id, email, display_name)
       select gen_random_uuid(), 'p' || i || '@example.org', 'P' from generate_series(1, 1100) i returning id)
     insert into second_factors (user_id, sealed_secret, digits, period_seconds, last_step)
     select id, '\\x0300', 6, 30, -1 from made`,
  );
  expect(await resealed()).toEqual({ counts: { resealed: 0, unreadable: 1100 }, levels: [40] });
});
