import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { newId } from '../ids.js';
import { migrate } from './migrate.js';
import { bootstrapDatabase } from './roles.js';

test('a database that does not exist yet is made, migrated and walled, by several processes at once', async () => {
  const url = new URL(inject('adminUrl'));
  const name = `made_${newId().slice(-12)}`;
  url.pathname = `/${name}`;
  const all = await Promise.all(
    Array.from({ length: 3 }, async () => migrate(await bootstrapDatabase(url.toString(), name))),
  );
  expect(all.filter((applied) => applied.length > 0)).toHaveLength(1);
  const client = new pg.Client({ connectionString: url.toString() });
  await client.connect();
  const { rows } = await client.query('select count(*)::int as n from schema_migrations');
  await client.end();
  expect(rows[0].n).toBeGreaterThan(5);
});

test('a server that refuses the administrator is a typed error that says what to do', async () => {
  const url = new URL(inject('adminUrl'));
  url.password = 'wrong';
  await expect(bootstrapDatabase(url.toString(), 'x')).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    hint: expect.stringContaining('DATABASE_URL'),
  });
});
