import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import { contextFor, createActor, createProjectRow } from '../../../tests/support/people.js';
import type { BlobStore } from '../../platform/blobs/blob-store.js';
import type { Actor } from '../../platform/database/actor.js';
import { isAppError } from '../../platform/errors.js';
import { encodeId } from '../../platform/ids.js';
import type { Run } from '../../runs/run.entity.js';
import { ingestPaper } from './ingest-paper.js';

const LIMIT = 5; // as in the public demo
const HOUR_MS = 60 * 60 * 1000;

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 20 });
});
afterAll(() => db?.drop());

/** A person who may take in `LIMIT` papers an hour, each call as another API process would make it. */
async function openPerson(tenantId?: string) {
  const actor = await createActor(db, 'RESEARCHER', tenantId);
  const projectId = await createProjectRow(db, actor);
  const services = {
    blobs: { put: async () => ({ sha256: 'a'.repeat(64), bytes: 1 }) } as unknown as BlobStore,
    ingestion: { perHour: LIMIT, engines: ['BUILTIN'] as const },
  };
  let made = 0;
  const ingest = (input: object = {}): Promise<Run> =>
    ingestPaper(contextFor(db, actor, services), {
      projectId: encodeId('proj', projectId),
      text: `Text number ${++made}.`,
      ...input,
    });
  return { actor, ingest };
}

const codesOf = async (calls: Promise<Run>[]): Promise<string[]> =>
  (await Promise.allSettled(calls)).map((call) =>
    call.status === 'fulfilled' ? 'ok' : isAppError(call.reason) ? call.reason.code : String(call.reason),
  );

const runsOf = async ({ userId }: Actor): Promise<number> => {
  const { rows } = await db.admin.query('select count(*)::int as n from runs where created_by = $1', [userId]);
  return rows[0].n;
};

describe('papers an hour', () => {
  it('are no more than allowed, however many are asked for at once, and what is refused leaves no run', async () => {
    const { actor, ingest } = await openPerson();
    const codes = await codesOf(Array.from({ length: 3 * LIMIT }, () => ingest()));
    expect(codes.filter((code) => code === 'ok')).toHaveLength(LIMIT);
    expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(2 * LIMIT);
    expect(await runsOf(actor)).toBe(LIMIT);
  });

  it('say when there may be more', async () => {
    const { ingest } = await openPerson();
    await codesOf(Array.from({ length: LIMIT }, () => ingest()));
    const refusal = await ingest().catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'RATE_LIMITED', retryable: true, details: { limit: LIMIT } });
    const { retryAfterMs } = (refusal as { details: { retryAfterMs: number } }).details;
    expect(retryAfterMs).toBeGreaterThan(HOUR_MS - 60_000);
    expect(retryAfterMs).toBeLessThanOrEqual(HOUR_MS);
  });

  it('begin anew when the hour has passed', async () => {
    const { actor, ingest } = await openPerson();
    await codesOf(Array.from({ length: LIMIT }, () => ingest()));
    await db.admin.query('update ingest_windows set ends_at = now() where user_id = $1', [actor.userId]);
    expect(await codesOf([ingest()])).toEqual(['ok']);
  });

  it('are counted for each person alone, and are not given back by deleting runs', async () => {
    const { actor, ingest } = await openPerson();
    await codesOf(Array.from({ length: LIMIT }, () => ingest()));
    await db.admin.query('delete from runs where created_by = $1', [actor.userId]);
    expect(await codesOf([ingest()])).toEqual(['RATE_LIMITED']);
    const fellow = await openPerson(actor.tenantId);
    expect(await codesOf([fellow.ingest()])).toEqual(['ok']);
  });

  it('count a request once that is sent again, and not at all one that is wrong', async () => {
    const { ingest } = await openPerson();
    const same = () => ingest({ text: 'The same.', clientRequestId: 'the-same-again' });
    const runs = [await same(), await same(), await same(), await same(), await same(), await same()];
    expect(new Set(runs.map(({ id }) => id)).size).toBe(1);
    expect(await codesOf([ingest({ text: ' ' })])).toEqual(['BAD_INPUT']);
    expect(await codesOf(Array.from({ length: LIMIT - 1 }, () => ingest()))).toEqual(Array(LIMIT - 1).fill('ok'));
    expect(await codesOf([ingest()])).toEqual(['RATE_LIMITED']);
    expect((await same()).id).toBe(runs[0]?.id); // a known request is answered all the same
  });
});
