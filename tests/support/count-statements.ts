/** How many statements a piece of work sends through the product's own pool: for tests against N+1. */
import { createRequire } from 'node:module';
import { vi } from 'vitest';

// The ORM may carry a copy of pg of its own; its clients are the ones to watch.
const fromOrm = createRequire(createRequire(import.meta.url).resolve('@mikro-orm/postgresql'));
const { Client } = fromOrm('pg') as typeof import('pg');

/** Counts everything, `begin` and `rollback` too. Nothing else may use the database meanwhile. */
export async function countStatements(work: () => Promise<unknown>): Promise<number> {
  const sent = vi.spyOn(Client.prototype, 'query');
  try {
    await work();
    return sent.mock.calls.length;
  } finally {
    sent.mockRestore();
  }
}
