import { createHmac, createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import type { Actor } from '../../platform/database/actor.js';
import { newId } from '../../platform/ids.js';
import { createAccessTokens } from './access-token.js';
import { type SecretKeys, secretKeys, signingKeys } from './signing-keys.js';

const NOW = new Date('2026-11-21T12:00:00Z');
const NOW_S = NOW.getTime() / 1000;
const MINUTE_S = 60;
const SECRET = 'a secret that an operator has chosen';
const given = (own: string | undefined, ownPrevious: string[] = []) =>
  secretKeys('access-token', { own, ownPrevious, root: 'the root secret of the installation', rootPrevious: [] });
const open = (keys: SecretKeys = given(SECRET), at: Date = NOW) =>
  createAccessTokens({ keys, issuer: 'paperwright', lifetimeMs: 30 * 60_000, clockSkewS: 60, clock: () => at });
const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

const actor: Actor = { tenantId: newId(), userId: newId(), credentialId: newId(), roles: ['RESEARCHER'] };
const { text: good, expiresAt } = await open().issue(actor);
const [header, payload, signature] = good.split('.') as [string, string, string];
const read = (part: string): Record<string, unknown> => JSON.parse(Buffer.from(part, 'base64url').toString());
const written = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
const [{ kid }] = signingKeys(given(SECRET));

/** Signed by whoever has the right key, but otherwise as said. */
async function signed(claims: JWTPayload = {}, head: Partial<JWTHeaderParameters> = {}, key?: KeyObject) {
  const wanted = Object.entries({ ...read(payload), ...claims }).filter(([, value]) => value !== undefined);
  return new SignJWT(Object.fromEntries(wanted))
    .setProtectedHeader({ alg: 'HS256', kid, typ: 'at+jwt', ...head })
    .sign(key ?? createSecretKey(Buffer.from(SECRET)));
}

/** Signed with the right key, past a library that would not make such a thing. */
function byHand(head: object): string {
  const text = `${written(head)}.${payload}`;
  return `${text}.${createHmac('sha256', SECRET).update(text).digest('base64url')}`;
}

const refusalOf = (text: string, keys?: SecretKeys, at?: Date): Promise<{ code: string; message: string }> =>
  open(keys, at)
    .verify(text)
    .then(
      () => ({ code: 'accepted', message: '' }),
      (error) => error,
    );

describe('an access token', () => {
  test('says who, where, for how long and by which key, as RFC 9068 has it', () => {
    expect(read(header)).toEqual({ alg: 'HS256', kid, typ: 'at+jwt' });
    const claims = read(payload);
    expect(claims).toMatchObject({
      iss: 'paperwright',
      aud: 'paperwright',
      roles: ['RESEARCHER'],
      sid: actor.credentialId,
    });
    expect(claims).toMatchObject({ iat: NOW_S, nbf: NOW_S, exp: NOW_S + 30 * MINUTE_S });
    expect(claims.sub).toMatch(/^user_/);
    expect(claims.tenant_id).toMatch(/^ten_/);
    expect(claims['https://researchops.ai/tenant_id']).toBe(claims.tenant_id);
    expect(claims.jti).toMatch(/^[0-9a-f-]{36}$/);
    expect(expiresAt).toEqual(later(30 * MINUTE_S));
  });

  test('is read back as the session it was made for', async () => {
    const { tenantId, userId, credentialId: sessionId } = actor;
    expect(await open().verify(good)).toEqual({ sessionId, tenantId, userId, expiresAt });
    expect((await refusalOf(await signed())).code).toBe('accepted');
    expect((await refusalOf(byHand(read(header)))).code).toBe('accepted');
  });

  test('holds for the clock skew before and after its time, and no second longer', async () => {
    const at = async (seconds: number) => (await refusalOf(good, undefined, later(seconds))).code;
    expect(await at(-60)).toBe('accepted');
    expect(await at(-61)).toBe('UNAUTHENTICATED');
    expect(await at(30 * MINUTE_S + 59)).toBe('accepted');
    expect(await at(30 * MINUTE_S + 60)).toBe('UNAUTHENTICATED');
  });
});

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const attacks: [string, () => Promise<string> | string][] = [
  ['no algorithm', () => `${written({ alg: 'none', typ: 'at+jwt', kid })}.${payload}.`],
  ['no algorithm, oddly written', () => `${written({ alg: 'nOnE', typ: 'at+jwt', kid })}.${payload}.${signature}`],
  ['no signature', () => `${header}.${payload}.`],
  ['a changed payload', () => `${header}.${written({ ...read(payload), roles: ['OWNER'] })}.${signature}`],
  ['a changed signature', () => `${header}.${payload}.${signature.replace(/^./, (c) => (c === 'A' ? 'B' : 'A'))}`],
  ['another HMAC with the right key', () => signed({}, { alg: 'HS512' })],
  ['an asymmetric algorithm', () => signed({}, { alg: 'RS256' }, rsa.privateKey)],
  [
    'a public key taken for a shared secret',
    () =>
      signed({}, {}, createSecretKey(Buffer.from(rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString()))),
  ],
  [
    'a key of its own in the header',
    () => signed({}, { jwk: rsa.publicKey.export({ format: 'jwk' }) as never, alg: 'RS256' }, rsa.privateKey),
  ],
  ['another secret', () => signed({}, {}, createSecretKey(Buffer.from('b'.repeat(32))))],
  ['an unknown key id', () => signed({}, { kid: 'another' })],
  ['no key id', () => `${written({ alg: 'HS256', typ: 'at+jwt' })}.${payload}.${signature}`],
  ['a path for a key id', () => signed({}, { kid: '../../dev/null' })],
  ['another issuer', () => signed({ iss: 'https://elsewhere.example' })],
  ['another audience', () => signed({ aud: 'another service' })],
  ['another type', () => signed({}, { typ: 'JWT' })],
  ['no type', () => `${written({ alg: 'HS256', kid })}.${payload}.${signature}`],
  ['an expiry that has passed', () => signed({ exp: NOW_S - 61 })],
  ['no expiry', () => signed({ exp: undefined })],
  ['a time that has not come', () => signed({ nbf: NOW_S + 61 })],
  ['a birth in the future', () => signed({ iat: NOW_S + 61 })],
  ['no session', () => signed({ sid: undefined })],
  ['something else for a session', () => signed({ sid: "x' or true" })],
  ['no tenant', () => signed({ tenant_id: undefined, 'https://researchops.ai/tenant_id': undefined })],
  ['two tenants', () => signed({ tenant_id: 'ten_01jx0000000000000000000000' })],
  ['an API key for a person', () => signed({ sub: 'key_01jx0000000000000000000000' })],
  ['a critical extension', () => byHand({ ...read(header), crit: ['unheard-of'], 'unheard-of': true })],
  ['nothing but dots', () => '..'],
];

test('one that was accepted a moment ago is refused as soon as it has expired', async () => {
  let now = NOW;
  const tokens = createAccessTokens({
    keys: given(SECRET),
    issuer: 'paperwright',
    lifetimeMs: 30 * 60_000,
    clockSkewS: 60,
    clock: () => now,
  });
  const accepted = await tokens.verify(good);
  now = later(31 * MINUTE_S - 1);
  expect(await tokens.verify(good)).toEqual(accepted);
  now = later(31 * MINUTE_S);
  await expect(tokens.verify(good)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test.each(attacks)('with %s is UNAUTHENTICATED, and the answer repeats nothing of it', async (_name, make) => {
  const refusal = await refusalOf(await make());
  expect(refusal.code).toBe('UNAUTHENTICATED');
  expect(refusal.message).not.toContain('elsewhere');
});

describe('keys', () => {
  test('an older secret still reads what it has signed, and signs nothing any more', async () => {
    const rotated = given('the next secret, of 32 characters.', [SECRET]);
    expect((await refusalOf(good, rotated)).code).toBe('accepted');
    const { text } = await open(rotated).issue(actor);
    expect((await refusalOf(text)).code).toBe('UNAUTHENTICATED');
    expect((await refusalOf(good, given('the next secret, of 32 characters.'))).code).toBe('UNAUTHENTICATED');
  });

  test('from one secret come different keys for different purposes, the same at each start', () => {
    const sources = {
      own: undefined,
      ownPrevious: [],
      root: SECRET,
      rootPrevious: ['the secret key of last year, retired'],
    };
    const [access, older] = secretKeys('access-token', sources);
    const [refresh] = secretKeys('refresh-token', sources);
    expect(Buffer.from(access).equals(refresh)).toBe(false);
    expect(Buffer.from(access).equals(Buffer.from(SECRET))).toBe(false);
    expect(older).toBeDefined();
    expect(secretKeys('access-token', sources)).toEqual([access, older]);
  });
});
