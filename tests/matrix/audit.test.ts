/** Every mutation of the schema either writes what it should into the audit log, and nothing else, or says here why not. */
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditAction } from '../../src/identity/audit/audit-action.js';
import { startTestApi, type TestApi } from '../support/api.js';
import { accessTokenFor } from '../support/auth.js';
import { emittedSchema } from '../support/full-selection.js';
import { createActor } from '../support/people.js';
import { isA, operations } from './operations.js';
import { openWorld, type World } from './world.js';

type Recorded = AuditAction[] | { notSensitive: string };

const MUTATIONS: Record<string, Recorded> = {
  register: ['ACCOUNT_REGISTERED', 'SIGNED_IN'],
  signIn: ['SIGNED_IN'],
  signInWithGoogle: ['ACCOUNT_REGISTERED', 'SIGNED_IN'],
  verifyMfa: ['SIGNED_IN'],
  acceptInvitation: ['INVITATION_ACCEPTED', 'SIGNED_IN'],
  switchTenant: ['SIGNED_IN'],
  refreshSession: { notSensitive: 'The session goes on. A token that comes twice ends it: SESSION_REVOKED.' },
  signOut: ['SIGNED_OUT'],
  signOutEverywhere: ['SIGNED_OUT'],
  changePassword: ['PASSWORD_CHANGED'],
  issuePasswordReset: ['PASSWORD_RESET_ISSUED'],
  resetPassword: ['PASSWORD_RESET'],
  startTotpEnrollment: ['MFA_ENROLLMENT_STARTED'],
  confirmTotpEnrollment: ['MFA_ENABLED'],
  createRecoveryCodes: ['RECOVERY_CODES_RENEWED'],
  disableTotp: ['MFA_DISABLED'],
  linkGoogle: ['IDENTITY_LINKED'],
  unlinkGoogle: ['IDENTITY_UNLINKED'],
  createApiKey: ['API_KEY_CREATED'],
  revokeApiKey: ['API_KEY_REVOKED'],
  inviteMember: ['MEMBER_INVITED'],
  revokeInvitation: ['INVITATION_REVOKED'],
  setMemberRoles: ['MEMBER_ROLES_CHANGED'],
  removeMember: ['MEMBER_REMOVED'],
  leaveTenant: ['MEMBER_REMOVED'],
  createProject: ['PROJECT_CREATED'],
  renameProject: ['PROJECT_RENAMED'],
  updateProject: ['PROJECT_RENAMED', 'PROJECT_VISIBILITY_CHANGED'],
  archiveProject: ['PROJECT_ARCHIVED'],
  deleteProject: ['PROJECT_DELETED'],
  prepareUpload: ['UPLOAD_PREPARED'],
  ingestPaper: ['RUN_STARTED'],
  startResearch: ['RUN_STARTED'],
  replayRun: ['RUN_REPLAYED'],
  forkRun: ['RUN_FORKED'],
  cancelRun: ['RUN_CANCELED'],
  retryRun: ['RUN_RETRIED'],
  answerInputRequest: ['RUN_ANSWERED'],
  deleteRun: ['RUN_DELETED'],
  deleteArtifact: ['ARTIFACT_DELETED'],
};

const credentials = { email: 'audited@example.org', password: 'correct horse battery' };
const TABLE = operations(credentials).filter(isA('Mutation'));
const ENDING = ['signOut', 'signOutEverywhere', 'leaveTenant'];

let world: World;
let people: TestApi; // where Google vouches for whoever a token names

beforeAll(async () => {
  world = await openWorld();
  const verify = async (idToken: string) => ({ subject: idToken, email: `${idToken}@example.org`, name: idToken });
  people = await startTestApi(world.db, { accounts: { google: { verify, linksByAddress: false } } });
  const input = { ...credentials, displayName: 'Ada', tenantName: 'Laboratory' };
  await people.gql('mutation ($input: RegisterInput!) { register(input: $input) { __typename } }', { input });
});
afterAll(async () => {
  await people?.close();
  await world?.close();
});

/** The actions of the entries that `work` has written, of all tenants. */
async function recorded(work: () => Promise<unknown>): Promise<string[]> {
  const { admin } = world.db;
  const heads = await admin.query('select tenant_id, seq from audit_heads');
  const before = new Map(heads.rows.map(({ tenant_id, seq }) => [tenant_id, seq]));
  await work();
  const { rows } = await admin.query('select tenant_id, seq, action from audit_entries order by tenant_id, seq');
  return rows.filter(({ tenant_id, seq }) => seq > (before.get(tenant_id) ?? 0)).map(({ action }) => action);
}

/** The data of an answer that must be right. */
async function send(api: TestApi, document: string, variables: Record<string, unknown> = {}, token?: string) {
  const { data, errors } = await api.gql(document, variables, token);
  expect(errors).toBeUndefined();
  return data;
}

const expected = (name: string): AuditAction[] => {
  const entry = MUTATIONS[name];
  return Array.isArray(entry) ? entry : [];
};

test('the table names every mutation of the emitted schema, and none besides', () => {
  expect(Object.keys(MUTATIONS).sort()).toEqual(
    Object.keys(emittedSchema().getMutationType()?.getFields() ?? {}).sort(),
  );
});

const done = new Set<string>();
const SENT = TABLE.filter(({ lets, field }) => lets === undefined && !ENDING.includes(nameOf(field)));

function nameOf(field: string): string {
  return field.replace('Mutation.', '');
}

test.each(SENT.map((operation, index) => [`${operation.field} (${index})`, operation] as const))(
  '%s writes what it should',
  async (_title, { field, document, variables }) => {
    const values = await variables(world.places.shared);
    const written = await recorded(() => send(world.api, document, values, world.tokens.OWNER));
    expect(written).toEqual(expected(nameOf(field)));
    done.add(nameOf(field));
  },
);

describe('what ends, or takes a way in of one’s own', () => {
  /** Sends it, and holds what was written against the table. */
  async function audited(name: string, document: string, variables: Record<string, unknown>, token?: string) {
    let data: Record<string, unknown> = {};
    const written = await recorded(async () => {
      data = await send(people, document, variables, token);
    });
    expect([name, written]).toEqual([name, expected(name)]);
    done.add(name);
    return data[name] as Record<string, unknown>;
  }

  test.each(ENDING)('%s writes what it should', async (name) => {
    const token = await accessTokenFor(await createActor(world.db, 'VIEWER', world.actors.OWNER.tenantId));
    await audited(name, `mutation { ${name} }`, {}, token);
  });

  test('a password, a second factor and Google', async () => {
    const SIGNED_IN = '... on SignedIn { accessToken refreshToken } ... on MfaRequired { challengeToken }';
    const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) { ${SIGNED_IN} } }`;
    const CODE = (name: string) => `mutation ($code: String!) { ${name}(code: $code) { mfaEnabled recoveryCodes } }`;
    const GOOGLE = (name: string) => `mutation ($idToken: String!) { ${name}(idToken: $idToken) { googleLinked } }`;
    const { signIn } = await send(people, SIGN_IN, { input: credentials });
    const token = signIn.accessToken as string;

    const password = 'another horse battery';
    const change = { currentPassword: credentials.password, newPassword: password };
    const CHANGE = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { roles } }';
    await audited('changePassword', CHANGE, { input: change }, token);

    await audited('linkGoogle', GOOGLE('linkGoogle'), { idToken: 'ada' }, token);
    await audited('unlinkGoogle', 'mutation { unlinkGoogle { googleLinked } }', {}, token);
    const WITH_GOOGLE = `mutation ($input: GoogleSignInInput!) { signInWithGoogle(input: $input) { ${SIGNED_IN} } }`;
    await audited('signInWithGoogle', WITH_GOOGLE, { input: { idToken: 'newcomer' } });
    expect(await recorded(() => send(people, WITH_GOOGLE, { input: { idToken: 'newcomer' } }))).toEqual(['SIGNED_IN']);

    const begun = await audited('startTotpEnrollment', 'mutation { startTotpEnrollment { secret } }', {}, token);
    const code = new TOTP({ secret: Secret.fromBase32(String(begun.secret)) }).generate();
    const confirmed = await audited('confirmTotpEnrollment', CODE('confirmTotpEnrollment'), { code }, token);
    const codes = confirmed.recoveryCodes as string[];
    const asked = await recorded(async () => {
      const challenge = (await send(people, SIGN_IN, { input: { ...credentials, password } })).signIn.challengeToken;
      const wrong = { challengeToken: challenge, recoveryCode: '0000-0000-0000-0000' };
      const VERIFY = 'mutation ($input: VerifyMfaInput!) { verifyMfa(input: $input) { accessToken } }';
      await people.gql(VERIFY, { input: wrong });
      await audited('verifyMfa', VERIFY, { input: { challengeToken: challenge, recoveryCode: codes[0] } });
    });
    expect(asked).toEqual(['SIGN_IN_FAILED', 'SIGNED_IN']);
    const RENEW = 'mutation ($code: String!) { createRecoveryCodes(code: $code) }';
    const renewed = await audited('createRecoveryCodes', RENEW, { code: codes[1] }, token);
    await audited('disableTotp', CODE('disableTotp'), { code: (renewed as unknown as string[])[0] }, token);
    credentials.password = password;
  });

  test('a refresh token that comes twice ends its session, and that is written', async () => {
    const person = await people.register('refreshing');
    const SIGN_IN = 'mutation ($input: SignInInput!) { signIn(input: $input) { ... on SignedIn { refreshToken } } }';
    const { refreshToken } = (
      await send(people, SIGN_IN, { input: { email: person.email, password: person.password } })
    ).signIn;
    const REFRESH = 'mutation ($token: String!) { refreshSession(refreshToken: $token) { refreshToken } }';
    let next = '';
    await audited('refreshSession', REFRESH, { token: refreshToken });
    const twice = await recorded(async () => {
      next = (await send(people, REFRESH, { token: refreshToken })).refreshSession.refreshToken; // within the grace
      await send(people, REFRESH, { token: next });
      const { errors } = await people.gql(REFRESH, { token: refreshToken });
      expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    });
    expect(twice).toEqual(['SESSION_REVOKED']);
  });
});

describe('a failure to sign in', () => {
  const SIGN_IN = 'mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }';

  test('is written in every tenant of the account, and to no account in the log', async () => {
    const wrong = (email: string) => people.gql(SIGN_IN, { input: { email, password: 'not the password' } });
    const person = await people.register('guessed');
    expect(await recorded(() => wrong(person.email))).toEqual(['SIGN_IN_FAILED']);
    const lines = people.logged.length;
    expect(await recorded(() => wrong('nobody-at-all@example.org'))).toEqual([]);
    expect(people.logged.slice(lines)).toContainEqual(
      expect.objectContaining({ security: 'SIGN_IN_FAILED', at: 'PASSWORD' }),
    );
    const { rows } = await world.db.admin.query(
      `select actor_kind, actor_id, target_type, metadata from audit_entries where action = 'SIGN_IN_FAILED' order by at desc limit 1`,
    );
    expect(rows).toEqual([{ actor_kind: 'NOBODY', actor_id: null, target_type: 'User', metadata: { at: 'PASSWORD' } }]);
    const metrics = await (await fetch(`${people.url}/metrics`)).text();
    expect(metrics).toMatch(/paperwright_sign_in_failures_total\{account="none"\} 1/);
  });
});

test('every mutation of the table was tried', () => {
  const sensitive = Object.keys(MUTATIONS).filter((name) => Array.isArray(MUTATIONS[name]));
  expect(sensitive.filter((name) => !done.has(name))).toEqual([]);
});
