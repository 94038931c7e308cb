import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testAccounts } from '../../../tests/support/account-services.js';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import { contextFor, createActor } from '../../../tests/support/people.js';
import type { Actor } from '../../platform/database/actor.js';
import type { ActorContext, ApiContext } from '../../platform/graphql/api-context.js';
import { newId } from '../../platform/ids.js';
import type { AccountServices } from '../accounts/account-services.js';
import { changePassword } from '../accounts/change-password.js';
import { loadMyAccount } from '../accounts/my-account.js';
import { googleVerifier, type VerifyGoogleToken } from './google-id-token.js';
import { linkGoogle, unlinkGoogle } from './link-google.js';
import { signInWithGoogle } from './sign-in-with-google.js';

const CLIENT = 'our-client.apps.example';
const ISSUER = 'https://accounts.google.com';
const NOW = new Date('2026-11-21T12:00:00Z');
const nowSeconds = NOW.getTime() / 1000;

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;
let google: Keys;
let stranger: Keys;
let server: Server;
let verify: VerifyGoogleToken;
/** What the server of the keys does, and how often it was asked. */
let keys: { status: number; asked: number };
let jwksUrl: string;

beforeAll(async () => {
  google = await generateKeyPair('RS256', { extractable: true });
  stranger = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(google.publicKey)), kid: 'google-1', alg: 'RS256', use: 'sig' };
  server = createServer((_request, response) => {
    keys.asked += 1;
    response.writeHead(keys.status, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/certs`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  keys = { status: 200, asked: 0 };
  verify = verifier();
});

const verifier = () =>
  googleVerifier({ clientId: CLIENT, issuer: ISSUER, jwksUrl, jwksCacheMs: 300_000, clockSkewSeconds: 60 });

const CLAIMS = {
  iss: ISSUER,
  aud: CLIENT,
  azp: CLIENT,
  sub: '110169484474386276334',
  email: 'Ada@Example.org',
  email_verified: true,
  name: 'Ada Lovelace',
  iat: nowSeconds - 10,
  exp: nowSeconds + 3600,
};

const token = (
  claims: Record<string, unknown> = {},
  { header = {}, key = google.privateKey }: { header?: object; key?: Keys['privateKey'] } = {},
) =>
  new SignJWT({ ...CLAIMS, ...claims } as JWTPayload)
    .setProtectedHeader({ alg: 'RS256', kid: 'google-1', typ: 'JWT', ...header })
    .sign(key);

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

describe('an ID token', () => {
  const read = async (idToken: string, nonce?: string) => verify(idToken, { at: NOW, nonce });

  test('of Google for us says who it is, with either form of the issuer', async () => {
    const ada = { subject: CLAIMS.sub, email: 'ada@example.org', name: 'Ada Lovelace' };
    expect(await read(await token())).toEqual(ada);
    expect(await read(await token({ iss: 'accounts.google.com', azp: undefined, aud: [CLIENT] }))).toEqual(ada);
    expect(keys.asked).toBe(1);
  });

  test.each<[string, Record<string, unknown>]>([
    ['for another client', { aud: 'another.apps.example' }],
    ['that another client asked for', { azp: 'another.apps.example' }],
    ['for several, that does not say who asked', { aud: [CLIENT, 'another'], azp: undefined }],
    ['of another issuer', { iss: 'https://accounts.google.com.evil.example' }],
    ['of nobody', { iss: undefined }],
    ['that has expired', { exp: nowSeconds - 61 }],
    ['that never expires', { exp: undefined }],
    ['of the future', { iat: nowSeconds + 3600, nbf: nowSeconds + 3600 }],
    ['about nobody', { sub: undefined }],
    ['about an empty subject', { sub: '' }],
    ['about a subject longer than Google has', { sub: '1'.repeat(256) }],
    ['without an address', { email: undefined }],
    ['with an address that is not verified', { email_verified: false }],
    ['with an address that is said to be verified in words', { email_verified: 'true' }],
    ['that does not say whether it is verified', { email_verified: undefined }],
  ])('%s is UNAUTHENTICATED', async (_what, claims) => {
    await expect(read(await token(claims))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('within the skew of clocks is taken', async () => {
    expect((await read(await token({ exp: nowSeconds - 59 }))).subject).toBe(CLAIMS.sub);
  });

  test('that nobody signed, or somebody else, or with the public key as a secret, is UNAUTHENTICATED', async () => {
    const forged = await token({}, { key: stranger.privateKey });
    const none = `${encoded({ alg: 'none', kid: 'google-1' })}.${encoded(CLAIMS)}.`;
    const pem = new TextEncoder().encode(JSON.stringify(await exportJWK(google.publicKey)));
    const confused = await new SignJWT(CLAIMS as JWTPayload)
      .setProtectedHeader({ alg: 'HS256', kid: 'google-1' })
      .sign(pem);
    const [head, body, signature] = (await token()).split('.');
    const altered = [head, encoded({ ...CLAIMS, sub: 'another' }), signature].join('.');
    for (const idToken of [forged, none, confused, altered, `${head}.${body}`, '', 'x', 'a.b.c', 'x'.repeat(100_000)]) {
      await expect(read(idToken), idToken.slice(0, 40)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    }
  });

  test('with a key of its own in its header is not checked with that', async () => {
    const jwk = await exportJWK(stranger.publicKey);
    const own = await token({}, { key: stranger.privateKey, header: { jwk, jku: 'http://127.0.0.1:1/' } });
    await expect(read(own)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('with an unknown key id asks for the keys once, not each time', async () => {
    await read(await token());
    for (let i = 0; i < 3; i++) {
      const unknown = await token({}, { header: { kid: `unknown-${i}` } });
      await expect(read(unknown)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    }
    expect(keys.asked).toBe(1); // asked seconds ago
  });

  test('holds the nonce that the client has chosen, if it has', async () => {
    const withNonce = await token({ nonce: 'chosen' });
    await expect(read(withNonce, 'chosen')).resolves.toBeDefined();
    await expect(read(withNonce)).resolves.toBeDefined();
    await expect(read(withNonce, 'another')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(read(await token(), 'chosen')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('cannot be checked while the keys cannot be had: UNAVAILABLE, and later it can', async () => {
    keys.status = 503;
    await expect(read(await token())).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
    keys.status = 200;
    await expect(read(await token())).resolves.toBeDefined();
    const nowhere = googleVerifier({
      clientId: CLIENT,
      issuer: ISSUER,
      jwksUrl: 'http://127.0.0.1:1/certs',
      jwksCacheMs: 1000,
      clockSkewSeconds: 60,
    });
    await expect(nowhere(await token(), { at: NOW })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});

describe('signing in with Google', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db?.drop());

  const contextOf = (actor: Actor, other: Partial<AccountServices> = {}): ActorContext => ({
    ...contextFor(db, actor, { accounts: testAccounts({ google: { verify, linksByAddress: false }, ...other }) }),
    clock: () => NOW,
  });
  /** Somebody who is not signed in. */
  const door = (other: Partial<AccountServices> = {}): ApiContext => {
    const nobody = { tenantId: newId(), userId: newId(), credentialId: newId(), roles: [] };
    return { ...contextOf(nobody, other), em: db.database.asNobody(), actor: null };
  };
  let people = 0;
  const newcomer = () => {
    const number = ++people;
    return { sub: `subject-${number}`, email: `google-${number}@example.org`, name: `Person ${number}` };
  };
  const enter = async (claims: object, other?: Partial<AccountServices>, input: object = {}) => {
    const outcome = await signInWithGoogle(door(other), { idToken: await token({ ...claims }), ...input });
    if (!('accessToken' in outcome)) throw new Error('a second factor was asked for');
    return outcome;
  };
  /** A person with a password and the address. */
  const withPassword = async (email: string) => {
    const actor = await createActor(db);
    await db.admin.query(`update users set email = $2, password_hash = 'some hash' where id = $1`, [
      actor.userId,
      email,
    ]);
    return actor;
  };

  test('opens an account without a password for a newcomer, and finds it again by subject, not by address', async () => {
    const claims = newcomer();
    const first = await enter(claims, {}, { tenantName: 'Analytical Engines' });
    expect(first.actor.roles).toEqual(['OWNER']);
    const again = await enter({ ...claims, email: 'moved@example.org' });
    expect(again.actor).toMatchObject({ userId: first.actor.userId, tenantId: first.actor.tenantId });
    const { rows } = await db.admin.query(
      'select u.email, u.display_name, u.password_hash, t.name from users u, tenants t where u.id = $1 and t.id = $2',
      [first.actor.userId, first.actor.tenantId],
    );
    expect(rows[0]).toEqual({
      email: claims.email,
      display_name: claims.name,
      password_hash: null,
      name: 'Analytical Engines',
    });
  });

  test('takes what stands before the @ for the name of somebody whose name cannot be stored', async () => {
    const { actor } = await enter({ ...newcomer(), email: 'bidi@example.org', name: 'evil\u202egnp' });
    const { rows } = await db.admin.query('select display_name from users where id = $1', [actor.userId]);
    expect(rows[0].display_name).toBe('bidi');
  });

  test('does not enter an account of the same address: its owner signs in and links', async () => {
    const claims = newcomer();
    const owner = await withPassword(claims.email);
    await expect(enter(claims)).rejects.toMatchObject({
      code: 'CONFLICT',
      hint: expect.stringContaining('linkGoogle'),
    });
    const ctx = contextOf(owner);
    const idToken = await token(claims);
    await linkGoogle(ctx, { idToken });
    await linkGoogle(ctx, { idToken });
    expect(await loadMyAccount(ctx)).toMatchObject({ google_linked: true });
    expect((await enter(claims)).actor.userId).toBe(owner.userId);
  });

  test('enters it where the operator allows that', async () => {
    const claims = newcomer();
    const owner = await withPassword(claims.email);
    const allowed = { google: { verify, linksByAddress: true } };
    expect((await enter(claims, allowed)).actor.userId).toBe(owner.userId);
    expect((await enter(claims)).actor.userId).toBe(owner.userId);
    const another = { ...newcomer(), email: claims.email };
    await expect(enter(another, allowed)).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(enter({ ...newcomer(), email: claims.email, email_verified: false }, allowed)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  test('links one Google account to one person', async () => {
    const [mine, theirs] = [newcomer(), newcomer()];
    await enter(theirs);
    const ctx = contextOf(await createActor(db));
    await expect(linkGoogle(ctx, { idToken: await token(theirs) })).rejects.toMatchObject({ code: 'CONFLICT' });
    await linkGoogle(ctx, { idToken: await token(mine) });
    await expect(linkGoogle(ctx, { idToken: await token(newcomer()) })).rejects.toMatchObject({ code: 'CONFLICT' });
    const key = contextOf({ ...ctx.actor, credentialId: newId() });
    await expect(linkGoogle(key, { idToken: await token(mine) })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  test('is not given up by who has no other way in, and can be once there is a password', async () => {
    const claims = newcomer();
    const ctx = contextOf((await enter(claims)).actor);
    await expect(unlinkGoogle(ctx)).rejects.toMatchObject({ code: 'INVALID_STATE' });
    const newPassword = 'a password of my own';
    await expect(changePassword(ctx, { newPassword })).rejects.toMatchObject({ code: 'BAD_INPUT' });
    const others = await token(newcomer());
    await expect(changePassword(ctx, { newPassword, googleIdToken: others })).rejects.toMatchObject({
      code: 'BAD_INPUT',
      details: { field: 'googleIdToken' },
    });
    await changePassword(ctx, { newPassword, googleIdToken: await token(claims) });
    await unlinkGoogle(ctx);
    expect(await loadMyAccount(ctx)).toMatchObject({ has_password: true, google_linked: false });
    await expect(enter(claims)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  test('asks for the second factor as a password does', async () => {
    const claims = newcomer();
    const { actor } = await enter(claims);
    await db.admin.query(
      `insert into second_factors (user_id, sealed_secret, digits, period_seconds, last_step, confirmed_at)
       values ($1, '', 6, 30, 0, now())`,
      [actor.userId],
    );
    const outcome = await signInWithGoogle(door(), { idToken: await token(claims) });
    expect(outcome).toEqual({
      challengeToken: expect.stringMatching(/^pwc_/),
      expiresAt: new Date(NOW.getTime() + 300_000),
    });
  });

  test('of a newcomer is refused where registration is closed, of a member it is not', async () => {
    const claims = newcomer();
    const { actor } = await enter(claims);
    const closed = { registrationOpen: false };
    expect((await enter(claims, closed)).actor.userId).toBe(actor.userId);
    await expect(enter(newcomer(), closed)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  test('that is not set up says so', async () => {
    await expect(enter(newcomer(), { google: null })).rejects.toMatchObject({
      code: 'INVALID_STATE',
      hint: expect.stringContaining('AUTH_GOOGLE_CLIENT_ID'),
    });
  });

  test('into a tenant of others is NOT_FOUND, by a tenant id that is none too', async () => {
    const claims = newcomer();
    await enter(claims);
    for (const tenantId of ['ten_01jx0000000000000000000000', 'nonsense']) {
      await expect(enter(claims, {}, { tenantId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  test('by many tokens of one newcomer at once makes one account', async () => {
    const claims = newcomer();
    const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => enter(claims)));
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'CONFLICT' });
    }
    const { rows } = await db.admin.query('select count(*)::int as n from google_accounts where subject = $1', [
      claims.sub,
    ]);
    expect(rows[0].n).toBe(1);
  });
});
