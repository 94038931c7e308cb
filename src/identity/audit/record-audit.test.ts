import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import { createActor } from '../../../tests/support/people.js';
import type { Actor } from '../../platform/database/actor.js';
import type { Em } from '../../platform/database/em.js';
import { newId } from '../../platform/ids.js';
import { recordAudit, recordLinkUse } from './record-audit.js';

const ORIGIN = { ip: '203.0.113.9', userAgent: 'Browser “7”, größer', requestId: 'req-1' };

let db: TestDatabase;
let actor: Actor;
beforeAll(async () => {
  db = await createTestDatabase();
  actor = await createActor(db);
});
afterAll(() => db?.drop());

const inTransaction = (of: Actor, work: (em: Em) => Promise<unknown>) =>
  db.database.asActor(of, ORIGIN).transactional((em) => work(em as Em));
const entriesOf = async (tenantId: string) =>
  (await db.admin.query('select * from audit_entries where tenant_id = $1 order by seq', [tenantId])).rows;

describe('an audit entry', () => {
  test('says who did what to what, from where, and appears with the change', async () => {
    const target = { type: 'Project', id: newId() } as const;
    await inTransaction(actor, (em) => recordAudit(em, { action: 'PROJECT_RENAMED', target, metadata: { some: 1 } }));
    const [entry] = await entriesOf(actor.tenantId);
    expect(entry).toMatchObject({
      seq: 1,
      action: 'PROJECT_RENAMED',
      actor_kind: 'USER',
      actor_id: actor.userId,
      credential_id: actor.credentialId,
      target_type: 'Project',
      target_id: target.id,
      ip: ORIGIN.ip,
      user_agent: ORIGIN.userAgent,
      request_id: ORIGIN.requestId,
      metadata: { some: 1 },
      prev_hash: Buffer.alloc(32),
    });
  });

  test('is not there when the change is not', async () => {
    const before = await entriesOf(actor.tenantId);
    await expect(
      inTransaction(actor, async (em) => {
        await recordAudit(em, { action: 'RUN_STARTED' });
        throw new Error('thought better of it');
      }),
    ).rejects.toThrow('thought better');
    expect(await entriesOf(actor.tenantId)).toEqual(before);
    await expect(recordAudit(db.database.asActor(actor), { action: 'RUN_STARTED' })).rejects.toMatchObject({
      code: 'INTERNAL',
    });
  });

  test('of a worker carries its run, of an API key the key, of a link nobody', async () => {
    const tenant = await createActor(db);
    const key = newId();
    await db.admin.query(
      `insert into api_keys (id, tenant_id, created_by, name, prefix, secret_hash, scopes) values ($1, $2, $3, 'Key', 'pw_', sha256($4::text::bytea), '{READ}')`,
      [key, tenant.tenantId, tenant.userId, key],
    );
    const runId = newId();
    await db.database.inTenant(tenant.tenantId, (sql) => recordAudit(sql, { action: 'ARTIFACT_EXPORTED', runId }));
    await inTransaction({ ...tenant, credentialId: key }, (em) => recordAudit(em, { action: 'RUN_STARTED' }));
    await db.database.inTenant(tenant.tenantId, (sql) =>
      recordLinkUse(sql, { action: 'BLOB_DOWNLOADED', target: { type: 'Blob', id: 'a'.repeat(64) } }, ORIGIN),
    );
    expect(await entriesOf(tenant.tenantId)).toMatchObject([
      { seq: 1, actor_kind: 'WORKER', run_id: runId, actor_id: null, ip: null },
      { seq: 2, actor_kind: 'API_KEY', actor_id: tenant.userId, credential_id: key },
      { seq: 3, actor_kind: 'LINK', actor_id: null, ip: ORIGIN.ip, target_id: 'a'.repeat(64) },
    ]);
  });

  test('of somebody who has just signed in belongs to the tenant they enter, of which they must be a member', async () => {
    const [mine, theirs] = [await createActor(db), await createActor(db)];
    await db.database.asNobody(ORIGIN).transactional((em) => recordAudit(em as Em, { action: 'SIGNED_IN' }, mine));
    expect(await entriesOf(mine.tenantId)).toMatchObject([
      {
        action: 'SIGNED_IN',
        actor_kind: 'USER',
        actor_id: mine.userId,
        credential_id: mine.credentialId,
        ip: ORIGIN.ip,
      },
    ]);
    const stranger = { ...theirs, userId: mine.userId };
    await expect(inTransaction(mine, (em) => recordAudit(em, { action: 'SIGNED_IN' }, stranger))).rejects.toThrow(
      /tenant/,
    );
    const nobody = db.database.asNobody().transactional((em) => recordAudit(em as Em, { action: 'SIGNED_IN' }));
    await expect(nobody).rejects.toThrow(/tenant/);
  });

  test('has its place: many writers at once leave no gap, and none waits for another tenant', async () => {
    const tenant = await createActor(db);
    const write = () =>
      inTransaction(tenant, (em) => recordAudit(em, [{ action: 'RUN_STARTED' }, { action: 'RUN_CANCELED' }]));
    await Promise.all(Array.from({ length: 20 }, write));
    const entries = await entriesOf(tenant.tenantId);
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(entries.slice(1).map(({ prev_hash }) => prev_hash)).toEqual(entries.slice(0, -1).map(({ hash }) => hash));
    expect(entries.map(({ at }) => at.getTime())).toEqual(entries.map(({ at }) => at.getTime()).sort((a, b) => a - b));
  });
});

describe('the audit log is append-only', () => {
  const CHANGES = [
    `update audit_entries set action = 'RUN_STARTED'`,
    'delete from audit_entries',
    'truncate audit_entries',
    'update audit_heads set seq = 0',
    'delete from audit_heads',
    'truncate audit_heads',
  ];

  test.each(['app', 'queue', 'owner'] as const)('for the role %s', async (role) => {
    await inTransaction(actor, (em) => recordAudit(em, { action: 'RUN_STARTED' }));
    const client = new pg.Client({ connectionString: db.urls[role] });
    await client.connect();
    try {
      await client.query(`select set_config('app.tenant', $1, false)`, [actor.tenantId]);
      for (const change of [...CHANGES, `insert into audit_entries select * from audit_entries limit 1`]) {
        const refusal = await client.query(change).catch((error) => error.code);
        expect([change, refusal]).toEqual([change, '42501']);
      }
    } finally {
      await client.end();
    }
  });

  test('even where a grant would let it through: triggers refuse the superuser', async () => {
    for (const change of CHANGES) await expect(db.admin.query(change), change).rejects.toThrow(/append-only/);
  });

  test('and so its tenant stays', async () => {
    await expect(db.admin.query('delete from tenants where id = $1', [actor.tenantId])).rejects.toThrow(
      /violates|denied/,
    );
  });
});
