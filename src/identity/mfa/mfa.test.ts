import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { TEST_SEALING_KEY, testAccounts } from '../../../tests/support/account-services.js';
import { startTestApi, type TestApi } from '../../../tests/support/api.js';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import { contextFor, createActor } from '../../../tests/support/people.js';
import type { Actor } from '../../platform/database/actor.js';
import type { ActorContext } from '../../platform/graphql/api-context.js';
import { newId } from '../../platform/ids.js';
import { loadMyAccount } from '../accounts/my-account.js';
import { openChallenge } from './open-challenge.js';
import { createSealer, type Sealer } from './sealed-secret.js';
import { confirmTotpEnrollment, createRecoveryCodes, disableTotp, startTotpEnrollment } from './totp-enrollment.js';
import { GUESSES_PER_CHALLENGE, type MfaAnswer, verifyMfa } from './verify-mfa.js';

const PERIOD_MS = 30_000;
const WRONG = expect.objectContaining({ code: 'UNAUTHENTICATED', message: 'The code is wrong, or has been used.' });
const OVER = expect.objectContaining({
  code: 'UNAUTHENTICATED',
  message: expect.stringContaining('challenge is over'),
});

let db: TestDatabase;
let now: number;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db?.drop());
beforeEach(() => {
  now = Date.parse('2026-11-21T12:00:00Z');
});

const accounts = testAccounts();
const contextOf = (actor: Actor): ActorContext => ({
  ...contextFor(db, actor, { accounts }),
  clock: () => new Date(now),
});
const pass = (periods: number) => {
  now += periods * PERIOD_MS;
};

interface Guarded {
  ctx: ActorContext;
  member: { tenantId: string; userId: string };
  recoveryCodes: string[];
  code(periodsFromNow?: number): string;
  challenge(): Promise<string>;
  verify(answer: Partial<MfaAnswer>): ReturnType<typeof verifyMfa>;
}

const codeOf = (secret: string, at: number) => TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: at });

/** Somebody whose second factor is on, one period ago. */
async function guarded(): Promise<Guarded> {
  const actor = await createActor(db);
  const ctx = contextOf(actor);
  const { secret } = await startTotpEnrollment(ctx);
  const recoveryCodes = await confirmTotpEnrollment(ctx, codeOf(secret, now));
  pass(1);
  const member = { tenantId: actor.tenantId, userId: actor.userId };
  const stranger = { ...ctx, em: db.database.asNobody(), actor: null };
  const challenge = async () => (await openChallenge(stranger, member)).challengeToken;
  return {
    ctx,
    member,
    recoveryCodes,
    challenge,
    code: (periods = 0) => codeOf(secret, now + periods * PERIOD_MS),
    verify: async (answer) =>
      verifyMfa(stranger, { challengeToken: answer.challengeToken ?? (await challenge()), ...answer }),
  };
}

describe('turning the second factor on', () => {
  test('ends all other sessions of the person, in every tenant, and none of anybody else', async () => {
    const [actor, elsewhere, fellow] = [await createActor(db), await createActor(db), await createActor(db)];
    await db.admin.query(`insert into memberships (id, tenant_id, user_id, roles) values ($1, $2, $3, '{VIEWER}')`, [
      newId(),
      elsewhere.tenantId,
      actor.userId,
    ]);
    for (const tenantId of [actor.tenantId, elsewhere.tenantId])
      await db.admin.query(
        `insert into sessions (id, tenant_id, user_id, expires_at) values ($1, $2, $3, now() + interval '1 day')`,
        [newId(), tenantId, actor.userId],
      );
    const open = async ({ userId }: Actor) =>
      (await db.admin.query('select id from sessions where user_id = $1 and revoked_at is null', [userId])).rows;
    const ctx = contextOf(actor);
    const { secret } = await startTotpEnrollment(ctx);
    await expect(confirmTotpEnrollment(ctx, '000000')).rejects.toMatchObject({ code: 'BAD_INPUT' });
    expect(await open(actor)).toHaveLength(3);
    await confirmTotpEnrollment(ctx, codeOf(secret, now));
    expect(await open(actor)).toEqual([{ id: actor.credentialId }]);
    expect(await open(fellow)).toHaveLength(1);
  });

  test('counts from the first right code on; until then nothing asks for it and it can be begun anew', async () => {
    const ctx = contextOf(await createActor(db));
    await expect(confirmTotpEnrollment(ctx, '123456')).rejects.toMatchObject({ code: 'INVALID_STATE' });
    const first = await startTotpEnrollment(ctx);
    expect(first.otpauthUri).toContain(`secret=${first.secret}`);
    const second = await startTotpEnrollment(ctx);
    expect(second.secret).not.toBe(first.secret);
    expect((await loadMyAccount(ctx)).mfa_enabled).toBe(false);
    await expect(confirmTotpEnrollment(ctx, codeOf(first.secret, now))).rejects.toMatchObject({ code: 'BAD_INPUT' });
    const codes = await confirmTotpEnrollment(ctx, ` ${codeOf(second.secret, now).replace(/^.../, '$& ')} `);
    expect(codes).toHaveLength(10);
    ctx.loaders.clear();
    expect(await loadMyAccount(ctx)).toMatchObject({ mfa_enabled: true, recovery_codes_left: 10 });
    await expect(startTotpEnrollment(ctx)).rejects.toMatchObject({ code: 'INVALID_STATE' });
    await expect(confirmTotpEnrollment(ctx, codeOf(second.secret, now))).rejects.toMatchObject({
      code: 'INVALID_STATE',
    });
  });

  test('stores neither the secret nor a code in a form that can be read', async () => {
    const { ctx, recoveryCodes } = await guarded();
    const { rows } = await db.admin.query(
      `select f.*, array(select encode(code_hash, 'escape') from recovery_codes r where r.user_id = f.user_id) as codes
       from second_factors f where f.user_id = $1`,
      [ctx.actor.userId],
    );
    const stored = JSON.stringify(rows).toLowerCase();
    for (const code of recoveryCodes) expect(stored).not.toContain(code.replaceAll('-', ''));
    expect(rows[0].sealed_secret).toHaveLength(1 + 8 + 12 + 16 + 20);
    expect(accounts.sealer.open(rows[0].sealed_secret, ctx.actor.userId)).toHaveLength(20);
  });

  test('is for the person, and not for their API key', async () => {
    const actor = await createActor(db);
    const ctx = contextOf({ ...actor, credentialId: actor.userId });
    await expect(startTotpEnrollment(ctx)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  test('goes on with the digits and the period the app was told, when others are configured later', async () => {
    const { member, code } = await guarded();
    const secondFactor = { ...accounts.secondFactor, digits: 8, periodSeconds: 60 };
    const base = contextFor(db, await createActor(db), { accounts: { ...accounts, secondFactor } });
    const ctx = { ...base, clock: () => new Date(now) };
    const { challengeToken } = await openChallenge(ctx, member);
    expect((await verifyMfa(ctx, { challengeToken, code: code() })).actor.userId).toBe(member.userId);
  });
});

describe('a challenge', () => {
  test('is answered with a code, once, and opens a session of the tenant it was for', async () => {
    const { member, verify, code, challenge } = await guarded();
    const challengeToken = await challenge();
    const session = await verify({ challengeToken, code: code() });
    expect(session.actor).toMatchObject({ ...member, roles: ['OWNER'] });
    pass(1);
    await expect(verify({ challengeToken, code: code() })).rejects.toEqual(OVER);
  });

  test('ends after five minutes', async () => {
    const { verify, code, challenge } = await guarded();
    const [early, late] = [await challenge(), await challenge()];
    now += 5 * 60_000 - 1;
    await verify({ challengeToken: early, code: code() });
    now += 1;
    await expect(verify({ challengeToken: late, code: code() })).rejects.toEqual(OVER);
  });

  test('takes five guesses and not the right code after them', async () => {
    const { verify, code, challenge } = await guarded();
    const challengeToken = await challenge();
    for (let guess = 0; guess < GUESSES_PER_CHALLENGE; guess++) {
      await expect(verify({ challengeToken, code: '000000' })).rejects.toEqual(WRONG);
    }
    await expect(verify({ challengeToken, code: code() })).rejects.toEqual(OVER);
  });

  test('after challenge is no way round: ten guesses an hour are all a person’s account gets', async () => {
    const { verify, code } = await guarded();
    for (let guess = 0; guess < 10; guess++) await expect(verify({ code: '000000' })).rejects.toEqual(WRONG);
    await expect(verify({ code: code() })).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    const other = await guarded();
    await expect(other.verify({ code: other.code() })).resolves.toBeDefined();
  });

  test('is over for somebody who has been removed from the tenant since', async () => {
    const { verify, code, challenge, member } = await guarded();
    const challengeToken = await challenge();
    await db.admin.query('delete from memberships where user_id = $1', [member.userId]);
    await expect(verify({ challengeToken, code: code() })).rejects.toEqual(OVER);
  });

  test('is asked with either kind of code, not with both or none', async () => {
    const { verify, code, recoveryCodes } = await guarded();
    await expect(verify({})).rejects.toMatchObject({ code: 'BAD_INPUT' });
    const both = { code: code(), recoveryCode: recoveryCodes[0] ?? '' };
    await expect(verify(both)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });

  test.each(['', 'pwc_', `pwc_${'A'.repeat(43)}`, `pwi_${'A'.repeat(43)}`, 'x'.repeat(100_000)])(
    'that is none of ours is over: %j',
    async (challengeToken) => {
      const { verify, code } = await guarded();
      await expect(verify({ challengeToken, code: code() })).rejects.toEqual(OVER);
    },
  );
});

describe('a code', () => {
  test('is not taken twice, nor any older one after it, in whatever challenge', async () => {
    const { verify, code } = await guarded();
    pass(1);
    await verify({ code: code() });
    await expect(verify({ code: code() })).rejects.toEqual(WRONG);
    await expect(verify({ code: code(-1) })).rejects.toEqual(WRONG);
    pass(1);
    await expect(verify({ code: code(-1) })).rejects.toEqual(WRONG);
    await verify({ code: code() });
  });

  test('that turned the second factor on opens no session', async () => {
    const { verify, code } = await guarded();
    await expect(verify({ code: code(-1) })).rejects.toEqual(WRONG);
  });

  test('used by many at once lets one in', async () => {
    const { verify, code, challenge } = await guarded();
    const tokens = await Promise.all(Array.from({ length: 8 }, challenge));
    const answers = await Promise.allSettled(tokens.map((challengeToken) => verify({ challengeToken, code: code() })));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const again = await Promise.allSettled(tokens.map((challengeToken) => verify({ challengeToken, code: code(1) })));
    expect(again.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('of another person is none', async () => {
    const [one, two] = [await guarded(), await guarded()];
    await expect(one.verify({ code: two.code() })).rejects.toEqual(WRONG);
    await expect(one.verify({ recoveryCode: two.recoveryCodes[0] ?? '' })).rejects.toEqual(WRONG);
  });
});

describe('a recovery code', () => {
  test('opens the account once, as it was shown or in other letters', async () => {
    const { verify, recoveryCodes, ctx } = await guarded();
    const recoveryCode = recoveryCodes[3] ?? '';
    await verify({ recoveryCode: recoveryCode.toUpperCase().replaceAll('-', '') });
    await expect(verify({ recoveryCode })).rejects.toEqual(WRONG);
    expect((await loadMyAccount(ctx)).recovery_codes_left).toBe(9);
  });

  test('used by many at once lets one in', async () => {
    const { verify, recoveryCodes } = await guarded();
    const recoveryCode = recoveryCodes[0] ?? '';
    const answers = await Promise.allSettled(Array.from({ length: 5 }, () => verify({ recoveryCode })));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('still works when the server has lost the key of the secrets, and turns the second factor off', async () => {
    const { challenge, recoveryCodes, ctx, code } = await guarded();
    const services = { ...ctx.services, accounts: testAccounts({ sealer: createSealer('another key '.repeat(4)) }) };
    const changed = { ...ctx, services };
    await expect(verifyMfa(changed, { challengeToken: await challenge(), code: code() })).rejects.toMatchObject({
      code: 'INVALID_STATE',
    });
    await verifyMfa(changed, { challengeToken: await challenge(), recoveryCode: recoveryCodes[0] ?? '' });
    await disableTotp(changed, recoveryCodes[1] ?? '');
    expect(await loadMyAccount(ctx)).toMatchObject({ mfa_enabled: false, recovery_codes_left: 0 });
  });
});

test('a secret that was sealed before the key was changed is sealed anew when a code was right, and not when it was wrong', async () => {
  const { challenge, ctx, code, member } = await guarded();
  const stored = () => db.admin.query('select sealed_secret from second_factors where user_id = $1', [member.userId]);
  const withSealer = (sealer: Sealer): ActorContext => ({
    ...ctx,
    services: { ...ctx.services, accounts: testAccounts({ sealer }) },
  });
  const rotated = createSealer('the key after it, of 32 characters', [TEST_SEALING_KEY]);
  const [before] = (await stored()).rows;
  await expect(verifyMfa(withSealer(rotated), { challengeToken: await challenge(), code: '000000' })).rejects.toEqual(
    WRONG,
  );
  expect((await stored()).rows).toEqual([before]);
  await verifyMfa(withSealer(rotated), { challengeToken: await challenge(), code: code() });
  const [after] = (await stored()).rows;
  expect(after).not.toEqual(before);
  pass(1);
  const dropped = createSealer('the key after it, of 32 characters');
  await verifyMfa(withSealer(dropped), { challengeToken: await challenge(), code: code() });
  expect((await stored()).rows, 'and is left alone then').toEqual([after]);
});

describe('somebody signed in', () => {
  test('turns it off with a code, and then signing in asks for nothing', async () => {
    const { ctx, code, challenge, verify } = await guarded();
    const open = await challenge();
    await expect(disableTotp(ctx, '000000')).rejects.toMatchObject({ code: 'BAD_INPUT', details: { field: 'code' } });
    const used = code();
    await disableTotp(ctx, used);
    await expect(verify({ challengeToken: open, code: code(1) })).rejects.toEqual(OVER);
    await expect(disableTotp(ctx, code(1))).rejects.toMatchObject({ code: 'INVALID_STATE' });
  });

  test('makes new recovery codes with a code that then is used, and the old ones end', async () => {
    const { ctx, code, recoveryCodes, verify } = await guarded();
    const fresh = await createRecoveryCodes(ctx, code());
    expect(fresh).toHaveLength(10);
    await expect(createRecoveryCodes(ctx, code())).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(verify({ code: code() })).rejects.toEqual(WRONG);
    await expect(verify({ recoveryCode: recoveryCodes[0] ?? '' })).rejects.toEqual(WRONG);
    await verify({ recoveryCode: fresh[0] ?? '' });
  });

  test('cannot guess there what is counted at the door', async () => {
    const { ctx, verify, code } = await guarded();
    for (let guess = 0; guess < 10; guess++) {
      await expect(disableTotp(ctx, '000000')).rejects.toMatchObject({ code: 'BAD_INPUT' });
    }
    await expect(disableTotp(ctx, code())).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await expect(verify({ code: code() })).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  });
});

test('over the API: a password alone answers MfaRequired, and the second factor lets in', async () => {
  let api: TestApi | undefined;
  try {
    api = await startTestApi(db, { accounts });
    const ask = api.gql;
    const ada = await api.register('mfa');
    const started = await ask('mutation { startTotpEnrollment { secret otpauthUri qrSvg } }', {}, ada.token);
    const { secret } = started.data.startTotpEnrollment;
    const confirm = `mutation ($code: String!) { confirmTotpEnrollment(code: $code) {
      mfaEnabled recoveryCodesLeft recoveryCodes
    } }`;
    const confirmed = (await ask(confirm, { code: codeOf(secret, Date.now()) }, ada.token)).data.confirmTotpEnrollment;
    expect(confirmed).toMatchObject({ mfaEnabled: true, recoveryCodesLeft: 10 });
    const viewer = await ask('{ viewer { mfaEnabled recoveryCodes } }', {}, ada.token);
    expect(viewer.data.viewer).toEqual({ mfaEnabled: true, recoveryCodes: null });

    const { email, password } = ada;
    const signIn = `mutation ($input: SignInInput!) { signIn(input: $input) {
      __typename ... on MfaRequired { challengeToken expiresAt } ... on SignedIn { accessToken }
    } }`;
    const challenged = (await ask(signIn, { input: { email, password } })).data.signIn;
    expect(challenged).toMatchObject({ __typename: 'MfaRequired', challengeToken: expect.stringMatching(/^pwc_/) });
    expect((await ask('{ viewer { roles } }', {}, challenged.challengeToken)).errors?.[0]?.extensions.code).toBe(
      'UNAUTHENTICATED',
    );
    const verify = `mutation ($input: VerifyMfaInput!) { verifyMfa(input: $input) { viewer { user { email } } } }`;
    const { challengeToken } = challenged;
    const input = { challengeToken, recoveryCode: confirmed.recoveryCodes[0] };
    expect((await ask(verify, { input })).data.verifyMfa.viewer.user.email).toBe(email);
  } finally {
    await api?.close();
  }
});
