import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../../../tests/support/api.js';
import { accessTokenFor } from '../../../tests/support/auth.js';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import { createActor } from '../../../tests/support/people.js';
import { openDiskBlobStore } from '../../platform/blobs/disk-blob-store.js';
import { createSignedUrls } from '../../platform/blobs/signed-urls.js';
import type { Actor } from '../../platform/database/actor.js';
import type { Em } from '../../platform/database/em.js';
import { encodeId, newId } from '../../platform/ids.js';
import { recordAudit } from './record-audit.js';

let db: TestDatabase;
let api: TestApi;
let root: string;
let actor: Actor;
let token: string;
const projects = [newId(), newId()] as const;

beforeAll(async () => {
  db = await createTestDatabase();
  root = await mkdtemp(path.join(tmpdir(), 'paperwright-audit-'));
  const urls = createSignedUrls({ secret: Buffer.alloc(32, 1), publicUrl: () => 'http://x', clock: () => new Date() });
  api = await startTestApi(db, { blobs: await openDiskBlobStore({ root, urls }) });
  actor = await createActor(db, 'ADMIN');
  token = await accessTokenFor(actor);
  for (const id of projects) await record('PROJECT_CREATED', id, actor);
  await record('PROJECT_DELETED', projects[0], await createActor(db, 'OWNER', actor.tenantId));
});
afterAll(async () => {
  await api?.close();
  await db?.drop();
  await rm(root, { recursive: true, force: true });
});

const record = (action: 'PROJECT_CREATED' | 'PROJECT_DELETED', id: string, by: Actor) =>
  db.database
    .asActor(by)
    .transactional((em) => recordAudit(em as Em, { action, target: { type: 'Project', id }, metadata: { n: 1 } }));

const LOG = `query ($filter: AuditFilter, $first: Int, $after: String, $last: Int, $before: String) {
  auditLog(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
    nodes { seq at action actorKind actorId actor { id } apiKeyId runId targetType targetId ip userAgent requestId metadata hash }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;
const log = async (variables: Record<string, unknown>) => {
  const { data, errors } = await api.gql(LOG, variables, token);
  expect(errors).toBeUndefined();
  return data.auditLog;
};
const seqs = (page: { nodes: { seq: number }[] }) => page.nodes.map(({ seq }) => seq);

describe('auditLog', () => {
  test('says who did what to what, newest first', async () => {
    const { nodes } = await log({});
    expect(nodes.map(({ seq, action }: { seq: number; action: string }) => [seq, action])).toEqual([
      [3, 'PROJECT_DELETED'],
      [2, 'PROJECT_CREATED'],
      [1, 'PROJECT_CREATED'],
    ]);
    const me = encodeId('user', actor.userId);
    expect(nodes[2]).toMatchObject({
      actorKind: 'USER',
      actorId: me,
      actor: { id: me },
      apiKeyId: null,
      runId: null,
      targetType: 'Project',
      targetId: encodeId('proj', projects[0]),
      metadata: { n: 1 },
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test('is read page by page from both ends', async () => {
    const first = await log({ first: 2 });
    expect([seqs(first), first.pageInfo.hasNextPage]).toEqual([[3, 2], true]);
    const next = await log({ first: 2, after: first.pageInfo.endCursor });
    expect([seqs(next), next.pageInfo.hasNextPage]).toEqual([[1], false]);
    const back = await log({ last: 1, before: next.pageInfo.startCursor });
    expect([seqs(back), back.pageInfo.hasPreviousPage]).toEqual([[2], true]);
  });

  test.each([
    ['actions', () => ({ actions: ['PROJECT_DELETED'] }), [3]],
    ['no action', () => ({ actions: [] }), []],
    ['actor', () => ({ actorId: encodeId('user', actor.userId) }), [2, 1]],
    ['target', () => ({ targetId: encodeId('proj', projects[0]) }), [3, 1]],
    ['a blob as target', () => ({ targetId: 'a'.repeat(64) }), []],
    ['an end before all', () => ({ until: '2020-01-01T00:00:00Z' }), []],
    ['a time that holds all', () => ({ since: '2020-01-01T00:00:00Z', until: '2120-01-01T00:00:00Z' }), [3, 2, 1]],
  ])('is filtered by %s', async (_by, filter, expected) => {
    expect(seqs(await log({ filter: filter() }))).toEqual(expected);
  });

  test('refuses ids of nobody and cursors of other lists', async () => {
    const codeOf = async (variables: object) =>
      (await api.gql(LOG, { ...variables }, token)).errors?.[0]?.extensions.code;
    expect(await codeOf({ filter: { actorId: encodeId('proj', newId()) } })).toBe('NOT_FOUND');
    expect(await codeOf({ filter: { targetId: 'nonsense' } })).toBe('NOT_FOUND');
    expect(await codeOf({ filter: { targetId: encodeId('snip', newId()) } })).toBe('NOT_FOUND');
    expect(await codeOf({ after: Buffer.alloc(16, 255).toString('base64url') })).toBe('BAD_INPUT');
  });
});

describe('verifyAudit', () => {
  const VERIFY = `{ verifyAudit { ok entries headSeq signedSeq checkedAt firstProblem { seq kind message } } }`;

  test('finds a log right, and an entry that was changed behind its back', async () => {
    expect((await api.gql(VERIFY, {}, token)).data.verifyAudit).toMatchObject({
      ok: true,
      entries: 3,
      headSeq: 3,
      signedSeq: null,
      firstProblem: null,
    });
    await db.admin.query(`set session_replication_role = replica`);
    await db.admin.query(`update audit_entries set metadata = '{}' where tenant_id = $1 and seq = 2`, [actor.tenantId]);
    await db.admin.query(`set session_replication_role = origin`);
    expect((await api.gql(VERIFY, {}, token)).data.verifyAudit).toMatchObject({
      ok: false,
      entries: 1,
      signedSeq: 3,
      firstProblem: { seq: 2, kind: 'CHANGED', message: 'Entry 2 does not have the hash of what it says.' },
    });
  });
});

test('below ADMIN neither is answered', async () => {
  const researcher = await accessTokenFor(await createActor(db, 'RESEARCHER', actor.tenantId));
  for (const query of ['{ auditLog { nodes { seq } } }', '{ verifyAudit { ok } }']) {
    expect((await api.gql(query, {}, researcher)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  }
});

describe('the id of a request', () => {
  const MADE = /^[0-9a-f-]{36}$/;
  const ask = async (headers: Record<string, string>) => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: '{ __typename }' }),
    });
    return response.headers.get('x-request-id');
  };

  test('is the client’s where it is a plain word, else one made here; every answer carries it', async () => {
    expect(await ask({ 'x-request-id': 'trace-7:a.b' })).toBe('trace-7:a.b');
    expect(await ask({})).toMatch(MADE);
    for (const wrong of ['two words', 'x'.repeat(129)]) expect(await ask({ 'x-request-id': wrong })).toMatch(MADE);
  });
});
