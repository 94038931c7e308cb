import { expect, test } from 'vitest';
import { requireEveryHashDeclared } from '../src/artifacts/blob-names.js';
import { createTestDatabase } from '../tests/support/database.js';
import { BLOB_NAMES } from './blob-names.js';

test('every hash of every table is declared, so that the sweep of blobs runs', async () => {
  const db = await createTestDatabase();
  try {
    await expect(requireEveryHashDeclared(db.database.asNobody(), BLOB_NAMES)).resolves.toBeUndefined();
  } finally {
    await db.drop();
  }
});
