import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testAccounts } from '../../../tests/support/account-services.js';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import { contextFor, createActor, createProjectRow } from '../../../tests/support/people.js';
import type { Actor, Role } from '../../platform/database/actor.js';
import type { ActorContext, ApiContext } from '../../platform/graphql/api-context.js';
import { encodeId, newId } from '../../platform/ids.js';
import { hashPassword } from '../accounts/password.js';
import { acceptInvitation } from './accept-invitation.js';
import { INVITATION_LIFETIME_MS, inviteMember } from './invite-member.js';
import { MembershipEntity } from './membership.entity.js';
import { leaveTenant, removeMember, revokeInvitation } from './remove-member.js';
import { setMemberRoles } from './set-member-roles.js';

const PASSWORD = 'a password of my own';
const OVER = expect.objectContaining({ code: 'NOT_FOUND', message: expect.stringContaining('invitation') });

let db: TestDatabase;
let now: number;
let passwordHash: string;

beforeAll(async () => {
  db = await createTestDatabase();
  passwordHash = await hashPassword(PASSWORD);
});
afterAll(() => db?.drop());
beforeEach(() => {
  now = Date.parse('2026-11-21T12:00:00Z');
});

const as = (actor: Actor): ActorContext => ({
  ...contextFor(db, actor, { accounts: testAccounts() }),
  clock: () => new Date(now),
});
const stranger = (): ApiContext => {
  const nobody = { tenantId: newId(), userId: newId(), credentialId: newId(), roles: [] };
  return { ...as(nobody), em: db.database.asNobody(), actor: null };
};
let addresses = 0;
const newAddress = () => `invited-${++addresses}@example.org`;
const invite = (actor: Actor, email = newAddress(), roles: Role[] = ['RESEARCHER']) =>
  inviteMember(as(actor), { email, roles });
const accept = async (token: string, input: object = {}, ctx = stranger()) => {
  const outcome = await acceptInvitation(ctx, { token, displayName: 'Ada', password: PASSWORD, ...input });
  if (!('accessToken' in outcome)) throw new Error('a second factor was asked for');
  return outcome.actor;
};
const membershipOf = async ({ tenantId, userId }: Pick<Actor, 'tenantId' | 'userId'>): Promise<string> => {
  const { rows } = await db.admin.query('select id from memberships where tenant_id = $1 and user_id = $2', [
    tenantId,
    userId,
  ]);
  return encodeId('mem', rows[0].id);
};
const withPassword = async (email: string) => {
  const actor = await createActor(db);
  await db.admin.query('update users set email = $2, password_hash = $3 where id = $1', [
    actor.userId,
    email,
    passwordHash,
  ]);
  return actor;
};

describe('an invitation', () => {
  test('makes a newcomer a member with the roles it named, once', async () => {
    const owner = await createActor(db);
    const invited = await invite(owner, 'Newcomer@Example.org', ['VIEWER', 'RESEARCHER']);
    expect(invited).toMatchObject({ status: 'INVITED', userId: null, invitationToken: expect.stringMatching(/^pwi_/) });
    const actor = await accept(invited.invitationToken);
    expect(actor).toMatchObject({ tenantId: owner.tenantId, roles: ['VIEWER', 'RESEARCHER'] });
    const membership = await as(owner).em.findOneOrFail(MembershipEntity, { id: invited.id });
    expect(membership).toMatchObject({ status: 'ACTIVE', userId: actor.userId, createdAt: new Date(now) });
    const { rows } = await db.admin.query('select email, display_name from users where id = $1', [actor.userId]);
    expect(rows[0]).toEqual({ email: 'newcomer@example.org', display_name: 'Ada' });
    await expect(accept(invited.invitationToken)).rejects.toEqual(OVER);
  });

  test('is worth nothing after seven days, taken back, or replaced by another to the same address', async () => {
    const owner = await createActor(db);
    const [late, back, first] = [await invite(owner), await invite(owner), await invite(owner, 'twice@example.org')];
    const second = await invite(owner, 'TWICE@example.org', ['VIEWER']);
    await revokeInvitation(as(owner), encodeId('mem', back.id));
    await expect(accept(back.invitationToken)).rejects.toEqual(OVER);
    await expect(accept(first.invitationToken)).rejects.toEqual(OVER);
    now += INVITATION_LIFETIME_MS - 1;
    expect((await accept(second.invitationToken)).roles).toEqual(['VIEWER']);
    now += 1;
    await expect(accept(late.invitationToken)).rejects.toEqual(OVER);
  });

  test.each(['', 'pwi_', `pwi_${'A'.repeat(43)}`, `pwc_${'A'.repeat(43)}`, 'x'.repeat(100_000)])(
    'that is none is not found: %j',
    async (token) => {
      await expect(accept(token)).rejects.toEqual(OVER);
    },
  );

  test('sent to one address many times at once leaves one that is open', async () => {
    const owner = await createActor(db);
    const email = newAddress();
    const sent = await Promise.all(Array.from({ length: 4 }, () => invite(owner, email)));
    const answers = await Promise.allSettled(sent.map(({ invitationToken }) => accept(invitationToken)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { rows } = await db.admin.query('select status from memberships where tenant_id = $1 order by status', [
      owner.tenantId,
    ]);
    expect(rows).toEqual([{ status: 'ACTIVE' }, { status: 'ACTIVE' }]);
  });

  test('accepted by many at once makes one member', async () => {
    const owner = await createActor(db);
    const { invitationToken } = await invite(owner);
    const outcomes = await Promise.allSettled(Array.from({ length: 3 }, () => accept(invitationToken)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { rows } = await db.admin.query('select count(*)::int as n from memberships where tenant_id = $1', [
      owner.tenantId,
    ]);
    expect(rows[0].n).toBe(2);
  });

  test('of an address with an account is accepted with its password, and with no other', async () => {
    const owner = await createActor(db);
    const email = newAddress();
    const person = await withPassword(email);
    const { invitationToken } = await invite(owner, email);
    await expect(accept(invitationToken, { password: 'not the password' })).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    expect(await accept(invitationToken)).toMatchObject({ userId: person.userId, tenantId: owner.tenantId });
  });

  test('then asks for the second factor of that account', async () => {
    const owner = await createActor(db);
    const email = newAddress();
    const person = await withPassword(email);
    await db.admin.query(
      `insert into second_factors (user_id, sealed_secret, digits, period_seconds, last_step, confirmed_at)
       values ($1, '', 6, 30, 0, now())`,
      [person.userId],
    );
    const { invitationToken: token } = await invite(owner, email);
    const outcome = await acceptInvitation(stranger(), { token, password: PASSWORD });
    expect(outcome).toHaveProperty('challengeToken');
  });

  test('is accepted by whoever is signed in, as themselves; an API key may not', async () => {
    const [owner, person] = [await createActor(db), await createActor(db)];
    const { invitationToken } = await invite(owner);
    const asKey = as({ ...person, credentialId: newId() });
    await expect(accept(invitationToken, { password: null }, asKey)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(accept(invitationToken, { password: null })).rejects.toMatchObject({ code: 'BAD_INPUT' });
    const joined = await accept(invitationToken, { password: null }, as(person));
    expect(joined).toMatchObject({ userId: person.userId, tenantId: owner.tenantId, roles: ['RESEARCHER'] });
    const again = await invite(owner);
    await expect(accept(again.invitationToken, { password: null }, as(person))).rejects.toMatchObject({
      code: 'CONFLICT',
    });
  });

  test('of a member’s address is refused, and so is a role above one’s own', async () => {
    const owner = await createActor(db);
    const admin = await createActor(db, 'ADMIN', owner.tenantId);
    const { rows } = await db.admin.query('select email from users where id = $1', [admin.userId]);
    await expect(invite(owner, rows[0].email.toUpperCase())).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(invite(admin, newAddress(), ['OWNER'])).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const ofOwner = await invite(owner, newAddress(), ['OWNER']);
    const id = encodeId('mem', ofOwner.id);
    await expect(revokeInvitation(as(admin), id)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(setMemberRoles(as(admin), { membershipId: id, roles: ['VIEWER'] })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
  });

  test('of another tenant cannot be seen or taken back; a member is no invitation, an invitation no member', async () => {
    const [mine, theirs] = [await createActor(db), await createActor(db)];
    const invited = encodeId('mem', (await invite(theirs)).id);
    const missing = expect.objectContaining({ code: 'NOT_FOUND' });
    await expect(revokeInvitation(as(mine), invited)).rejects.toEqual(missing);
    await expect(removeMember(as(theirs), invited)).rejects.toEqual(missing);
    const member = await createActor(db, 'VIEWER', theirs.tenantId);
    await expect(revokeInvitation(as(theirs), await membershipOf(member))).rejects.toEqual(missing);
  });

  test('is no owner: the last one stays although another is invited', async () => {
    const owner = await createActor(db);
    await invite(owner, newAddress(), ['OWNER']);
    const input = { membershipId: await membershipOf(owner), roles: ['VIEWER' as const] };
    await expect(setMemberRoles(as(owner), input)).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

describe('who leaves or is removed', () => {
  test('loses sessions and keys; what they have made stays, and their projects go to the oldest other owner', async () => {
    const owner = await createActor(db);
    const admin = await createActor(db, 'ADMIN', owner.tenantId);
    const leaver = await createActor(db, 'RESEARCHER', owner.tenantId);
    const hidden = await createProjectRow(db, leaver, 'PRIVATE');
    await db.admin.query(
      `insert into uploads (id, tenant_id, project_id, file_name, media_type, bytes, created_by, created_at, expires_at)
       values (gen_random_uuid(), $1, $2, 'a.txt', 'text/plain', 1, $3, now(), now())`,
      [leaver.tenantId, hidden, leaver.userId],
    );
    await removeMember(as(admin), await membershipOf(leaver));
    const { rows } = await db.admin.query(
      `select owner_id, visibility, (select count(*)::int from uploads where project_id = p.id) as uploads,
         (select count(*)::int from sessions where user_id = $2) as sessions
       from projects p where id = $1`,
      [hidden, leaver.userId],
    );
    expect(rows[0]).toEqual({ owner_id: owner.userId, visibility: 'PRIVATE', uploads: 1, sessions: 0 });
  });

  test('may be invited again, and comes back with the same account', async () => {
    const owner = await createActor(db);
    const email = newAddress();
    const { invitationToken } = await invite(owner, email);
    const first = await accept(invitationToken);
    await removeMember(as(owner), await membershipOf(first));
    const again = await invite(owner, email, ['VIEWER']);
    expect(await accept(again.invitationToken)).toMatchObject({ userId: first.userId, roles: ['VIEWER'] });
  });

  test('is not above who removes, of another tenant, or below ADMIN’s power to remove', async () => {
    const owner = await createActor(db);
    const [admin, viewer] = [
      await createActor(db, 'ADMIN', owner.tenantId),
      await createActor(db, 'VIEWER', owner.tenantId),
    ];
    const remove = async (by: Actor, whom: Actor) => removeMember(as(by), await membershipOf(whom));
    await expect(remove(admin, owner)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(remove(viewer, admin)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(remove(await createActor(db), viewer)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(remove(owner, owner)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  test('leaves by a session of their own, unless they are the last owner', async () => {
    const owner = await createActor(db);
    const viewer = await createActor(db, 'VIEWER', owner.tenantId);
    await expect(leaveTenant(as(owner))).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(leaveTenant(as({ ...viewer, credentialId: newId() }))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await leaveTenant(as(viewer));
    const { rows } = await db.admin.query('select count(*)::int as n from memberships where user_id = $1', [
      viewer.userId,
    ]);
    expect(rows[0].n).toBe(0);
  });

  test('at once with the other owner, whatever each does, leaves one', async () => {
    const ways: ((actor: Actor, other: Actor) => Promise<unknown>)[] = [
      async (actor) => leaveTenant(as(actor)),
      async (actor, other) => removeMember(as(actor), await membershipOf(other)),
      async (actor, other) => setMemberRoles(as(actor), { membershipId: await membershipOf(other), roles: ['VIEWER'] }),
    ];
    for (const first of ways) {
      for (const second of ways) {
        const one = await createActor(db);
        const two = await createActor(db, 'OWNER', one.tenantId);
        const done = await Promise.allSettled([first(one, two), second(two, one)]);
        const { rows } = await db.admin.query(
          `select count(*)::int as n from memberships where tenant_id = $1 and 'OWNER' = any (roles)`,
          [one.tenantId],
        );
        expect(rows[0].n, JSON.stringify(done)).toBe(1);
      }
    }
  });
});
