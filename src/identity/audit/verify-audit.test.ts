/** The log is tampered with as only the owner of the database can: as a superuser, with the triggers switched off. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import { createActor } from '../../../tests/support/people.js';
import { auditHeadKey } from '../../platform/blobs/blob-key.js';
import type { BlobStore } from '../../platform/blobs/blob-store.js';
import { openDiskBlobStore } from '../../platform/blobs/disk-blob-store.js';
import { createSignedUrls } from '../../platform/blobs/signed-urls.js';
import type { Actor } from '../../platform/database/actor.js';
import type { Em } from '../../platform/database/em.js';
import { createLog } from '../../platform/log.js';
import { type AuditHeadStore, openAuditHeads } from './audit-head.js';
import { recordAudit } from './record-audit.js';
import { createHeadSigner } from './sign-audit-heads.js';
import { verifyAudit } from './verify-audit.js';

const ENTRIES = 6;
let db: TestDatabase;
let root: string;
let blobs: BlobStore;
let heads: AuditHeadStore;
let actor: Actor;

beforeAll(async () => {
  db = await createTestDatabase();
  root = await mkdtemp(path.join(tmpdir(), 'paperwright-audit-'));
  const urls = createSignedUrls({ secret: Buffer.alloc(32, 1), publicUrl: () => 'http://x', clock: () => new Date() });
  blobs = await openDiskBlobStore({ root, urls });
  heads = headsBy(7);
});
afterAll(async () => {
  await db?.drop();
  await rm(root, { recursive: true, force: true });
});

beforeEach(async () => {
  actor = await createActor(db);
  for (let i = 1; i <= ENTRIES; i++) await append(i);
});

const append = (i: number) =>
  db.database
    .asActor(actor)
    .transactional((em) => recordAudit(em as Em, { action: 'RUN_STARTED', metadata: { i, name: `größer ${i}` } }));
const verify = (of = actor, with_ = heads) =>
  db.database
    .asActor(of)
    .transactional((em) => verifyAudit({ scope: em as Em, heads: with_, clock: () => new Date() }, of.tenantId));
/** Signed with the key of this number, and the earlier ones. */
const headsBy = (key: number, ...earlier: number[]) =>
  openAuditHeads(
    blobs,
    Buffer.alloc(32, key),
    earlier.map((number) => Buffer.alloc(32, number)),
  );
/** Signs what it may, and answers what it told of the actor's log. */
async function sign(with_ = heads): Promise<Record<string, unknown>[]> {
  const told: Record<string, unknown>[] = [];
  const log = pino({}, { write: (line) => void told.push(JSON.parse(line)) });
  await createHeadSigner({ database: db.database, heads: with_, log }).sign();
  return told.filter(({ tenantId }) => tenantId === actor.tenantId);
}

/** `$1` is the tenant. */
async function tamper(...statements: string[]): Promise<void> {
  await db.admin.query('set session_replication_role = replica');
  try {
    for (const statement of statements) {
      await db.admin.query(statement, statement.includes('$1') ? [actor.tenantId] : []);
    }
  } finally {
    await db.admin.query('set session_replication_role = origin');
  }
}

/** What one would run who owns the database and has read the migrations: the chain anew, from the given entry on. */
const RECOMPUTE = (from: number) => `
  do $$
  declare e audit_entries;
  begin
    for e in select * from audit_entries where tenant_id = '${actor.tenantId}' and seq >= ${from} order by seq loop
      e.prev_hash := coalesce((select hash from audit_entries where tenant_id = e.tenant_id and seq = e.seq - 1),
                              decode(repeat('00', 32), 'hex'));
      update audit_entries set prev_hash = e.prev_hash, hash = sha256(convert_to(audit_entry_text(e), 'UTF8'))
        where tenant_id = e.tenant_id and seq = e.seq;
    end loop;
    update audit_heads h set seq = l.seq, hash = l.hash
      from (select * from audit_entries where tenant_id = '${actor.tenantId}' order by seq desc limit 1) l
      where h.tenant_id = l.tenant_id;
  end $$`;

const headFile = () => path.join(root, auditHeadKey(actor.tenantId));

test('a log that nobody touched is right, whatever it holds, and its end is signed', async () => {
  expect(await verify()).toMatchObject({ ok: true, entries: ENTRIES, firstProblem: null, headSeq: 6, signedSeq: null });
  expect(await verify()).toMatchObject({ ok: true, entries: ENTRIES, signedSeq: ENTRIES });
  await append(7);
  expect(await verify()).toMatchObject({ ok: true, entries: 7, headSeq: 7, signedSeq: ENTRIES });
  expect(await heads.read(actor.tenantId)).toMatchObject({ seq: 7 });
});

test('a log without entries is right', async () => {
  expect(await verify(await createActor(db))).toMatchObject({ ok: true, entries: 0, headSeq: 0, signedSeq: null });
});

test('a long log is read in chunks', async () => {
  await db.database.asActor(actor).transactional((em) =>
    recordAudit(
      em as Em,
      Array.from({ length: 1_100 }, () => ({ action: 'RUN_STARTED' as const })),
    ),
  );
  expect(await verify()).toMatchObject({ ok: true, entries: ENTRIES + 1_100 });
});

describe('what was tampered with is found and named:', () => {
  const CASES: [string, string[], { seq: number; kind: string; message: RegExp }][] = [
    [
      'a changed fact',
      [`update audit_entries set metadata = '{"i": 3}' where tenant_id = $1 and seq = 3`],
      { seq: 3, kind: 'CHANGED', message: /hash of what it says/ },
    ],
    [
      'another person',
      [`update audit_entries set actor_id = gen_random_uuid() where tenant_id = $1 and seq = 1`],
      { seq: 1, kind: 'CHANGED', message: /hash of what it says/ },
    ],
    [
      'another time',
      [`update audit_entries set at = at + interval '1 microsecond' where tenant_id = $1 and seq = 6`],
      { seq: 6, kind: 'CHANGED', message: /hash of what it says/ },
    ],
    [
      'an absent field made empty',
      [`update audit_entries set ip = '' where tenant_id = $1 and seq = 2`],
      { seq: 2, kind: 'CHANGED', message: /hash of what it says/ },
    ],
    [
      'a change with its own hash computed anew',
      [
        `update audit_entries set metadata = '{}' where tenant_id = $1 and seq = 3`,
        `update audit_entries e set hash = sha256(convert_to(audit_entry_text(e), 'UTF8')) where tenant_id = $1 and seq = 3`,
      ],
      { seq: 3, kind: 'CHANGED', message: /written anew/ },
    ],
    [
      'one from the middle',
      [`delete from audit_entries where tenant_id = $1 and seq = 4`],
      { seq: 4, kind: 'REMOVED', message: /^Entry 4 is missing; entry 5 is there/ },
    ],
    [
      'the first two',
      [`delete from audit_entries where tenant_id = $1 and seq <= 2`],
      { seq: 1, kind: 'REMOVED', message: /^Entries 1 to 2 are missing/ },
    ],
    [
      'one from the middle, the rest moved up',
      [
        `delete from audit_entries where tenant_id = $1 and seq = 4`,
        `update audit_entries set seq = seq - 1 where tenant_id = $1 and seq = 5`,
        `update audit_entries set seq = seq - 1 where tenant_id = $1 and seq = 6`,
      ],
      { seq: 4, kind: 'CHANGED', message: /hash of what it says/ },
    ],
    [
      'the tail',
      [`delete from audit_entries where tenant_id = $1 and seq >= 5`],
      { seq: 5, kind: 'TRUNCATED', message: /^Entries 5 to 6 are missing at the end/ },
    ],
    [
      'two that were swapped',
      [
        `update audit_entries set seq = 100 where tenant_id = $1 and seq = 3`,
        `update audit_entries set seq = 3 where tenant_id = $1 and seq = 4`,
        `update audit_entries set seq = 4 where tenant_id = $1 and seq = 100`,
      ],
      { seq: 3, kind: 'CHANGED', message: /hash of what it says/ },
    ],
    [
      'a head in the database that says less than is there',
      [`update audit_heads set seq = 4 where tenant_id = $1`],
      { seq: 6, kind: 'HEAD_FORGED', message: /ends at entry 4, but/ },
    ],
    [
      'a head in the database with another hash',
      [`update audit_heads set hash = sha256('x') where tenant_id = $1`],
      { seq: 6, kind: 'HEAD_FORGED', message: /another hash/ },
    ],
  ];

  test.each(CASES)('%s, signed or not', async (_what, statements, problem) => {
    await tamper(...statements);
    const found = { seq: problem.seq, kind: problem.kind, message: expect.stringMatching(problem.message) };
    expect(await verify()).toMatchObject({ ok: false, firstProblem: found, signedSeq: null });
    expect(await heads.read(actor.tenantId), 'what is wrong is not signed').toBeNull();
  });

  test('the tail, with the database’s head put back: the signed one misses it', async () => {
    await sign();
    await tamper('delete from audit_entries where tenant_id = $1 and seq >= 5', RECOMPUTE(4));
    const firstProblem = { seq: 5, kind: 'TRUNCATED', message: 'Entries 5 to 6 are missing at the end.' };
    expect(await verify()).toMatchObject({ ok: false, firstProblem, headSeq: 4, signedSeq: 6 });
  });

  test('everything', async () => {
    await sign();
    await tamper('delete from audit_entries where tenant_id = $1', 'delete from audit_heads where tenant_id = $1');
    const firstProblem = { seq: 1, kind: 'TRUNCATED', message: 'Entries 1 to 6 are missing at the end.' };
    expect(await verify()).toMatchObject({ ok: false, firstProblem, headSeq: 0, signedSeq: 6 });
  });

  test('a change with the whole chain computed anew: the signed head has another hash', async () => {
    await sign();
    const change = `update audit_entries set metadata = '{"i": 2}' where tenant_id = $1 and seq = 2`;
    await tamper(change, RECOMPUTE(2));
    const firstProblem = { seq: 6, kind: 'CHANGED', message: expect.stringMatching(/another hash when it was signed/) };
    expect(await verify()).toMatchObject({ ok: false, firstProblem });
    await append(7);
    expect(await verify(), 'and what comes later does not heal it').toMatchObject({ ok: false, firstProblem });
  });

  test('a signed head that was altered, or is of another log', async () => {
    await verify();
    const right = await readFile(headFile(), 'utf8');
    const other = await createActor(db);
    await heads.write({ tenantId: other.tenantId, seq: 6, hash: 'ab'.repeat(32), signedAt: new Date().toISOString() });
    const forged = [
      right.replace('"seq":6', '"seq":5'),
      right.replace(/"hash":"(.)/, (_all, digit) => `"hash":"${digit === '0' ? '1' : '0'}`),
      '{}',
      'no JSON',
      right.padEnd(10_000),
      await readFile(path.join(root, auditHeadKey(other.tenantId)), 'utf8'),
    ];
    for (const text of forged) {
      await writeFile(headFile(), text);
      const { ok, firstProblem } = await verify();
      expect([ok, firstProblem?.kind, firstProblem?.message]).toEqual([
        false,
        'HEAD_FORGED',
        'The signature of the signed head is not of this server.',
      ]);
    }
    await writeFile(headFile(), right);
    expect((await verify()).ok).toBe(true);
  });
});

describe('a head that was signed before the key was changed', () => {
  const [rotated, dropped] = [() => headsBy(8, 7), () => headsBy(8)];

  test('vouches as before while the earlier key is kept, and is signed anew where the log is right', async () => {
    await verify();
    await tamper('delete from audit_entries where tenant_id = $1 and seq = 6', RECOMPUTE(5));
    expect((await verify(actor, rotated())).firstProblem).toMatchObject({ kind: 'TRUNCATED', seq: 6 });
    expect(await heads.read(actor.tenantId), 'and the proof is left').toMatchObject({ seq: 6, byEarlierKey: false });
    const other = await createActor(db);
    await db.database.asActor(other).transactional((em) => recordAudit(em as Em, { action: 'RUN_STARTED' }));
    await verify(other);
    expect(await rotated().read(other.tenantId)).toMatchObject({ seq: 1, byEarlierKey: true });
    expect(await verify(other, rotated())).toMatchObject({ ok: true, signedSeq: 1 });
    expect(await dropped().read(other.tenantId)).toMatchObject({ seq: 1, byEarlierKey: false });
  });

  test('is no forgery, and not believed either, once that key was dropped', async () => {
    await verify();
    const { ok, firstProblem } = await verify(actor, dropped());
    expect({ ok, firstProblem }).toEqual({
      ok: false,
      firstProblem: {
        seq: ENTRIES,
        kind: 'HEAD_KEY_UNKNOWN',
        message: expect.stringMatching(/signed with a key that is no longer configured.* PREVIOUS_SECRET_KEYS/),
      },
    });
    expect(await sign(dropped())).toMatchObject([{ level: 50, kind: 'HEAD_KEY_UNKNOWN' }]);
    expect((await verify(actor, rotated())).ok, 'and with it, all is well').toBe(true);
  });

  test('is signed anew by the sweep, though its log has not grown', async () => {
    await sign();
    const before = await heads.read(actor.tenantId);
    await sign(rotated());
    expect(await dropped().read(actor.tenantId)).toMatchObject({ seq: ENTRIES, byEarlierKey: false });
    expect(before).toMatchObject({ seq: ENTRIES });
  });

  test('is not signed anew by the sweep when its log is not as it was', async () => {
    await sign();
    await tamper('delete from audit_entries where tenant_id = $1 and seq >= 6', RECOMPUTE(5));
    expect(await sign(rotated())).toMatchObject([{ level: 50, kind: 'TRUNCATED', seq: 6 }]);
    expect(await heads.read(actor.tenantId)).toMatchObject({ seq: ENTRIES });
  });
});

test('a head that was signed after the moment we see is no truncation', async () => {
  const result = await db.database.asActor(actor).transactional(
    async (em) => {
      await (em as Em).execute('select 1 from audit_heads');
      await append(7);
      await sign();
      return verifyAudit({ scope: em as Em, heads, clock: () => new Date() }, actor.tenantId);
    },
    { isolationLevel: 'repeatable read' as never },
  );
  expect(result).toMatchObject({ ok: true, entries: ENTRIES, headSeq: ENTRIES, signedSeq: 7 });
  expect(await heads.read(actor.tenantId), 'and is not replaced by an older one').toMatchObject({ seq: 7 });
});

describe('the sweep', () => {
  test('signs what has grown, and nothing twice', async () => {
    const signer = createHeadSigner({ database: db.database, heads, log: createLog('test', 'silent') });
    await signer.sign();
    expect(await heads.read(actor.tenantId)).toMatchObject({ seq: ENTRIES });
    expect((await signer.sign()).signed).toBe(0);
    await append(7);
    expect((await signer.sign()).signed).toBe(1);
    expect(await heads.read(actor.tenantId)).toMatchObject({ seq: 7 });
  });

  test.each([
    ['was cut off', ['delete from audit_entries where tenant_id = $1 and seq >= 5'], 4],
    ['was written anew', [`update audit_entries set metadata = '{}' where tenant_id = $1 and seq = 6`], 6],
  ])('does not sign a log that %s, and keeps the old head', async (_how, statements, from) => {
    await sign();
    const before = await heads.read(actor.tenantId);
    await tamper(...statements, RECOMPUTE(from));
    await append(9);
    expect(await sign()).toMatchObject([{ level: 50, kind: from === 4 ? 'TRUNCATED' : 'CHANGED', seq: 6 }]);
    expect(await heads.read(actor.tenantId)).toEqual(before);
  });
});
