import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { testAccounts } from '../../../tests/support/account-services.js';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import { contextFor, createActor, createProjectRow } from '../../../tests/support/people.js';
import { type Actor, ROLES, type Role } from '../../platform/database/actor.js';
import type { ActorContext, ApiContext } from '../../platform/graphql/api-context.js';
import { encodeId, newId } from '../../platform/ids.js';
import { changePassword } from '../accounts/change-password.js';
import { hashPassword } from '../accounts/password.js';
import { signIn } from '../accounts/sign-in.js';
import { inviteMember } from '../members/invite-member.js';
import { issuePasswordReset, issuePasswordResetAsOperator } from './issue-password-reset.js';
import { RECOVERY_MINUTES } from './recovery-token.js';
import { resetPassword } from './reset-password.js';

const [OLD, NEW] = ['the old one, forgotten', 'the new one, written down'];
const DEAD = {
  code: 'NOT_FOUND',
  message: 'The recovery token was not found: it is unknown, expired, used or replaced.',
};
const OPERATOR_HINT = expect.stringContaining('paperwright reset-password');

let db: TestDatabase;
let now: number;
let oldHash: string;
let owner: pg.Client; // the database's

beforeAll(async () => {
  db = await createTestDatabase();
  oldHash = await hashPassword(OLD);
  owner = new pg.Client({ connectionString: db.urls.owner });
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
  await db?.drop();
});
beforeEach(async () => {
  now = Date.parse('2026-11-21T12:00:00Z');
  await db.admin.query('delete from sign_in_attempts');
});

const as = (actor: Actor): ActorContext => ({
  ...contextFor(db, actor, { accounts: testAccounts() }),
  clock: () => new Date(now),
});
const stranger = (): ApiContext => {
  const nobody = { tenantId: newId(), userId: newId(), credentialId: newId(), roles: [] };
  return { ...as(nobody), em: db.database.asNobody(), actor: null };
};
const emailOf = ({ userId }: Actor) => `${userId}@example.org`;
const membershipOf = async ({ tenantId, userId }: Actor): Promise<string> => {
  const find = 'select id from memberships where tenant_id = $1 and user_id = $2';
  return encodeId('mem', (await db.admin.query(find, [tenantId, userId])).rows[0].id);
};

/** A member who has a password. */
async function member(role: Role, tenantId?: string): Promise<Actor> {
  const actor = await createActor(db, role, tenantId);
  await db.admin.query('update users set password_hash = $2 where id = $1', [actor.userId, oldHash]);
  return actor;
}
const boss = (role: Role = 'OWNER') => createActor(db, role);
const issue = async (by: Actor, of: Actor) => issuePasswordReset(as(by), await membershipOf(of));
const reset = (token: string, newPassword = NEW) => resetPassword(stranger(), { token, newPassword });
const enter = (actor: Actor, password: string) => signIn(stranger(), { email: emailOf(actor), password });
const asOperator = (email: string, minutes = RECOVERY_MINUTES) => {
  const sql = {
    query: async <Row>(statement: unknown, params: readonly unknown[]) =>
      (await owner.query(String(statement), [...params])).rows as Row[],
  };
  return issuePasswordResetAsOperator({ sql, clock: () => new Date(now) }, { email, minutes });
};
const entriesAbout = async ({ userId }: Actor) => {
  const { rows } = await db.admin.query(
    `select tenant_id, action, actor_kind, actor_id, metadata from audit_entries where target_id = $1 order by at, tenant_id`,
    [userId],
  );
  return rows;
};

describe('a recovery token', () => {
  test('sets a new password, once, ends all sessions of the person and signs nobody in', async () => {
    const chief = await boss();
    const ada = await member('RESEARCHER', chief.tenantId);
    const { token, expiresAt } = await issue(chief, ada);
    expect([token, expiresAt]).toEqual([expect.stringMatching(/^pwf_/), new Date(now + 3_600_000)]);
    const ctx = { ...stranger(), enter: vi.fn() };
    await resetPassword(ctx, { token, newPassword: NEW });
    expect(ctx.enter).not.toHaveBeenCalled();
    const { rows } = await db.admin.query('select revoked_at from sessions where user_id = $1', [ada.userId]);
    expect(rows).toEqual([{ revoked_at: expect.any(Date) }]);
    await expect(enter(ada, OLD)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await enter(ada, NEW)).toHaveProperty('accessToken');
    await expect(reset(token, 'and once more, please')).rejects.toMatchObject(DEAD);
    expect(await enter(ada, NEW)).toHaveProperty('accessToken');
  });

  test('leaves the second factor on', async () => {
    const chief = await boss();
    const ada = await member('VIEWER', chief.tenantId);
    await db.admin.query(
      `insert into second_factors (user_id, sealed_secret, digits, period_seconds, last_step, confirmed_at)
       values ($1, '', 6, 30, 0, now())`,
      [ada.userId],
    );
    const before = await enter(ada, OLD); // a challenge that the old password has opened
    await reset((await issue(chief, ada)).token);
    expect(before).toHaveProperty('challengeToken');
    const open = await db.admin.query('select 1 from mfa_challenges where user_id = $1', [ada.userId]);
    expect(open.rows).toEqual([]);
    expect(await enter(ada, NEW)).toHaveProperty('challengeToken');
  });

  test('that is unknown, over, used or replaced is refused in the same words, and changes nothing', async () => {
    const chief = await boss();
    const [late, early, used] = [
      await member('VIEWER', chief.tenantId),
      await member('VIEWER', chief.tenantId),
      await member('VIEWER', chief.tenantId),
    ];
    const tokens = {
      'the first of two': (await issue(chief, early)).token,
      'the second of two': (await issue(chief, early)).token,
      'one that is over': (await issue(chief, late)).token,
      'one that is used': (await issue(chief, used)).token,
    };
    await reset(tokens['one that is used']);
    await reset(tokens['the second of two']);
    now += RECOVERY_MINUTES * 60_000;
    const others = ['', 'pwf_', `pwf_${'A'.repeat(43)}`, `pwi_${'A'.repeat(43)}`, 'x'.repeat(100_000)];
    const answers = await Promise.all(
      [...Object.values(tokens), ...others].map((token) => reset(token, 'by a stranger').catch((error) => error)),
    );
    for (const answer of answers) expect(answer).toMatchObject({ ...DEAD, details: {} });
    expect(await enter(late, OLD)).toHaveProperty('accessToken');
    expect(await enter(used, NEW)).toHaveProperty('accessToken');
  });

  test('holds until its last millisecond, and is not used up by a password that is too short', async () => {
    const chief = await boss();
    const ada = await member('VIEWER', chief.tenantId);
    const { token } = await issue(chief, ada);
    now += RECOVERY_MINUTES * 60_000 - 1;
    await expect(reset(token, 'elevenchars')).rejects.toMatchObject({
      code: 'BAD_INPUT',
      details: { field: 'newPassword' },
    });
    await reset(token);
  });

  test('used by many at once works once', async () => {
    const chief = await boss();
    const ada = await member('VIEWER', chief.tenantId);
    const { token } = await issue(chief, ada);
    const passwords = ['the first of three', 'the second of three', 'the third of three'];
    const outcomes = await Promise.allSettled(passwords.map((password) => reset(token, password)));
    const winners = passwords.filter((_, i) => outcomes[i]?.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    expect(await enter(ada, winners[0] ?? '')).toHaveProperty('accessToken');
  });

  test('ends when the person changes the password by themselves', async () => {
    const chief = await boss();
    const ada = await member('VIEWER', chief.tenantId);
    const { token } = await issue(chief, ada);
    await changePassword(as(ada), { currentPassword: OLD, newPassword: NEW });
    await expect(reset(token, 'of whoever found it')).rejects.toMatchObject(DEAD);
  });

  test('is stored as a hash that the API’s role cannot read', async () => {
    const chief = await boss();
    const ada = await member('VIEWER', chief.tenantId);
    const { token } = await issue(chief, ada);
    const { rows } =
      await db.admin.query(`select encode(token_hash, 'hex') as hash, r::text as row from password_resets r
      where user_id = '${ada.userId}'`);
    expect(rows[0].hash).toMatch(/^[0-9a-f]{64}$/);
    expect(rows[0].row).not.toContain(token.slice(4));
    await expect(as(chief).em.execute('select * from password_resets')).rejects.toThrow(/permission denied/);
  });
});

describe('guessing recovery tokens', () => {
  const attempted = (bucket: string, attempts: number) =>
    db.admin.query(
      `insert into sign_in_attempts (bucket, window_ends_at, attempts)
       values (sha256(convert_to($1, 'UTF8')), now() + interval '1 hour', $2)`,
      [bucket, attempts],
    );

  test('is counted by network, right or wrong, also when all are sent at once', async () => {
    const chief = await boss();
    const ada = await member('VIEWER', chief.tenantId);
    const { token } = await issue(chief, ada);
    await attempted('recover from 127.0.0.1', 28);
    const guesses = Array.from({ length: 6 }, () => reset(`pwf_${'A'.repeat(43)}`).catch(({ code }) => code));
    const codes = await Promise.all(guesses);
    expect(codes.sort()).toEqual([...Array(2).fill('NOT_FOUND'), ...Array(4).fill('RATE_LIMITED')]);
    await expect(reset(token)).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      details: { retryAfterMs: expect.any(Number) },
    });
  });

  test('does not keep out who has recovered after too many wrong passwords', async () => {
    const chief = await boss();
    const ada = await member('VIEWER', chief.tenantId);
    await attempted(`sign in to ${emailOf(ada)} from 127.0.0.1`, 10);
    await expect(enter(ada, OLD)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await reset((await issue(chief, ada)).token);
    expect(await enter(ada, NEW)).toHaveProperty('accessToken');
  });
});

describe('an administrator', () => {
  const PAIRS = ROLES.flatMap((by) => ROLES.map((of) => [by, of] as const));

  test.each(PAIRS)('%s and the password of a member who is %s', async (by, of) => {
    const issuer = await boss(by);
    const person = await member(of, issuer.tenantId);
    const may = (by === 'OWNER' && of !== 'OWNER') || (by === 'ADMIN' && (of === 'VIEWER' || of === 'RESEARCHER'));
    const outcome = await issue(issuer, person).then(
      () => 'ok',
      ({ code }) => code,
    );
    expect(outcome).toBe(may ? 'ok' : 'FORBIDDEN');
    const { rows } = await db.admin.query('select 1 from password_resets where user_id = $1', [person.userId]);
    expect(rows).toHaveLength(may ? 1 : 0);
  });

  test('does not reset their own password, that of an invitation, or that of another tenant', async () => {
    const chief = await boss();
    await expect(issue(chief, chief)).rejects.toMatchObject({ code: 'FORBIDDEN', hint: OPERATOR_HINT });
    const { id } = await inviteMember(as(chief), { email: `${newId()}@example.org`, roles: ['VIEWER'] });
    await expect(issuePasswordReset(as(chief), encodeId('mem', id))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const elsewhere = await member('VIEWER');
    await expect(issue(chief, elsewhere)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  /** What makes the account worth more than the administrator may see. */
  const GUARDS: [string, (person: Actor) => Promise<unknown>][] = [
    ['is a member of another tenant', (person) => joinElsewhere(person)],
    ['has a PRIVATE project', (person) => createProjectRow(db, person, 'PRIVATE')],
    [
      'is vouched for by another issuer',
      (person) =>
        db.admin.query(
          `insert into external_identities (id, tenant_id, user_id, issuer, subject) values ($1, $2, $3, 'https://issuer.example', gen_random_uuid()::text)`,
          [newId(), person.tenantId, person.userId],
        ),
    ],
  ];
  const joinElsewhere = async (person: Actor) => {
    const { tenantId } = await boss();
    const insert = `insert into memberships (id, tenant_id, user_id, roles) values ($1, $2, $3, '{VIEWER}')`;
    await db.admin.query(insert, [newId(), tenantId, person.userId]);
  };

  test.each(GUARDS)(
    'does not reset the password of a person who %s, but is sent to the operator',
    async (_what, guard) => {
      const chief = await boss('ADMIN');
      const ada = await member('RESEARCHER', chief.tenantId);
      await guard(ada);
      await expect(issue(chief, ada)).rejects.toMatchObject({
        code: 'FORBIDDEN',
        message: expect.stringContaining('more than you may see'),
        hint: OPERATOR_HINT,
      });
    },
  );

  test('who is OWNER sees PRIVATE projects anyway', async () => {
    const chief = await boss('OWNER');
    const ada = await member('RESEARCHER', chief.tenantId);
    await createProjectRow(db, ada, 'PRIVATE');
    await reset((await issue(chief, ada)).token);
  });

  const setRoles = ({ userId }: Actor, role: Role) =>
    db.admin.query('update memberships set roles = array[$2] where user_id = $1', [userId, role]);
  const leave = ({ userId }: Actor) => db.admin.query('delete from memberships where user_id = $1', [userId]);
  const CHANGES: [string, (chief: Actor, ada: Actor) => Promise<unknown>][] = [
    ...GUARDS.map(
      ([what, guard]) =>
        [`the person ${what}`, (_: Actor, ada: Actor) => guard(ada)] as [string, () => Promise<unknown>],
    ),
    ['the person has become an ADMIN', (_, ada) => setRoles(ada, 'ADMIN')],
    ['the person has left', (_, ada) => leave(ada)],
    ['the administrator is one no more', (chief) => setRoles(chief, 'RESEARCHER')],
    ['the administrator has left', (chief) => leave(chief)],
  ];

  test.each(CHANGES)(
    'has issued a token that is worth nothing when %s by the time it is used',
    async (_what, change) => {
      const chief = await boss('ADMIN');
      const ada = await member('VIEWER', chief.tenantId);
      const { token } = await issue(chief, ada);
      await change(chief, ada);
      await expect(reset(token)).rejects.toMatchObject(DEAD);
      const { rows } = await db.admin.query('select password_hash from users where id = $1', [ada.userId]);
      expect(rows).toEqual([{ password_hash: oldHash }]);
    },
  );

  test('cannot use the token while its person joins another tenant: one waits for the other', async () => {
    const [chief, elsewhere] = [await boss(), await boss()];
    const ada = await member('VIEWER', chief.tenantId);
    const { token } = await issue(chief, ada);
    await db.admin.query('begin'); // as accepting an invitation does, half-way
    await db.admin.query(`insert into memberships (id, tenant_id, user_id, roles) values ($1, $2, $3, '{VIEWER}')`, [
      newId(),
      elsewhere.tenantId,
      ada.userId,
    ]);
    const using = reset(token).catch((error) => error);
    await vi.waitFor(async () => {
      const { rows } = await db.admin.query(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      expect(rows).toHaveLength(1);
    });
    await db.admin.query('commit');
    expect(await using).toMatchObject(DEAD);
  });
});

describe('the operator', () => {
  test('issues a token for anybody, whatever they are a member of; one of before ends', async () => {
    const chief = await boss();
    const ada = await member('OWNER');
    await db.admin.query(`insert into memberships (id, tenant_id, user_id, roles) values ($1, $2, $3, '{VIEWER}')`, [
      newId(),
      chief.tenantId,
      ada.userId,
    ]);
    const first = await asOperator(emailOf(ada));
    const second = await asOperator(` ${emailOf(ada).toUpperCase()} `, 5);
    expect(second).toMatchObject({ email: emailOf(ada), expiresAt: new Date(now + 300_000) });
    await expect(reset(first.token)).rejects.toMatchObject(DEAD);
    await reset(second.token);
    expect(await enter(ada, NEW)).toHaveProperty('accessToken');
  });

  test('is told when there is no such account', async () => {
    await expect(asOperator('nobody@example.org')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(asOperator('no address')).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });

  test('is not the API: its role may not', async () => {
    const call = `select issue_password_reset_as_operator('a@example.org', sha256(''), now())`;
    await expect(stranger().em.execute(call)).rejects.toThrow(/permission denied/);
  });
});

test('all of it is in the audit log of every tenant of the person', async () => {
  const chief = await boss();
  const ada = await member('VIEWER', chief.tenantId);
  const { token } = await issue(chief, ada);
  await reset(token);
  await reset(token).catch(() => undefined);
  const about = { tenant_id: chief.tenantId, actor_id: null };
  expect(await entriesAbout(ada)).toEqual([
    {
      ...about,
      action: 'PASSWORD_RESET_ISSUED',
      actor_kind: 'USER',
      actor_id: chief.userId,
      metadata: { expiresAt: new Date(now + 3_600_000).toISOString() },
    },
    { ...about, action: 'PASSWORD_RESET', actor_kind: 'LINK', metadata: {} },
    { ...about, action: 'SIGN_IN_FAILED', actor_kind: 'NOBODY', metadata: { at: 'RECOVERY' } },
  ]);

  const bea = await member('OWNER');
  await db.admin.query(`insert into memberships (id, tenant_id, user_id, roles) values ($1, $2, $3, '{VIEWER}')`, [
    newId(),
    chief.tenantId,
    bea.userId,
  ]);
  await reset((await asOperator(emailOf(bea))).token);
  const seen = (await entriesAbout(bea)).map(({ tenant_id, action, actor_kind }) => [tenant_id, action, actor_kind]);
  const tenants = [chief.tenantId, bea.tenantId];
  expect(seen).toHaveLength(4);
  expect(seen).toEqual(
    expect.arrayContaining(
      tenants.flatMap((id) => [
        [id, 'PASSWORD_RESET_ISSUED', 'OPERATOR'],
        [id, 'PASSWORD_RESET', 'LINK'],
      ]),
    ),
  );
});
