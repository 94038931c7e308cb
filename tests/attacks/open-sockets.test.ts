/** What happens to sockets that are open when their right ends, and to a server whose clients come and go by the hundred. */
import { createClient } from 'graphql-ws';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { churn } from '../../bench/support/churn-sockets.js';
import { OPEN_EDGE } from '../../src/api/edge-settings.js';
import type { Actor } from '../../src/platform/database/actor.js';
import { decodeId } from '../../src/platform/ids.js';
import { startTestApi, type TestApi } from '../support/api.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { join } from '../support/invite.js';
import { FOLLOW } from '../support/subscriber.js';
import { openTimeline, type Timeline } from '../support/timeline.js';

const NEVER_MS = 600_000;
const CHURN = { sockets: 300, atATime: 30 }; // `npm run bench -- --only churn` does 10,000
const MOST_AT_A_TIME = 80;

let db: TestDatabase;
let api: TestApi;
let owner: { token: string; email: string; password: string };
let projectId: string; // public
let run: Timeline;
let names = 0;

beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 20 });
  // a socket that is closed here is closed because the database told of the change: nobody looks by himself
  api = await startTestApi(db, { webSocket: { credentialCheckMs: NEVER_MS } });
  const registered = await api.register('owner');
  owner = registered;
  const project = await api.gql('mutation { createProject(input: { name: "P" }) { id } }', {}, owner.token);
  const actor: Actor = {
    tenantId: decodeId('ten', registered.tenantId),
    userId: decodeId('user', registered.userId),
    credentialId: '',
    roles: ['OWNER'],
  };
  projectId = project.data.createProject.id;
  run = await openTimeline(db, actor, decodeId('proj', projectId));
});

afterAll(async () => {
  await api?.close();
  await db?.drop();
});

interface Follower {
  seen: string[];
  /** Resolves when it has seen a message. */
  sees(message: string): Promise<void>;
  closed: Promise<{ code: number; reason: string }>;
  leave(): void;
}

function follow(token: string): Follower {
  const seen: string[] = [];
  const waiting = new Map<string, () => void>();
  let close: (event: { code: number; reason: string }) => void;
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    close = resolve;
  });
  const client = createClient({
    url: api.wsUrl,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazy: false, // or it hangs up by itself when its subscription is ended first
    onNonLazyError: () => undefined,
    connectionParams: { authorization: `Bearer ${token}` },
    on: { closed: (event) => close(event as { code: number; reason: string }) },
  });
  client.subscribe<{ runEvents: { events: { message: string }[] } }>(
    { query: FOLLOW, variables: { runId: run.publicId, after: 0 } },
    {
      next: ({ data }) => {
        for (const { message } of data?.runEvents.events ?? []) {
          seen.push(message);
          waiting.get(message)?.();
        }
      },
      error: () => undefined,
      complete: () => undefined,
    },
  );
  return {
    seen,
    sees: (message) =>
      new Promise((resolve) => {
        if (seen.includes(message)) return resolve();
        waiting.set(message, resolve);
      }),
    closed,
    leave: () => client.terminate(),
  };
}

const signIn = async ({ email, password }: { email: string; password: string }): Promise<string> => {
  const { data } = await api.gql(
    'mutation ($input: SignInInput!) { signIn(input: $input) { ... on SignedIn { accessToken } } }',
    { input: { email, password } },
  );
  return data.signIn.accessToken;
};

/** Each answers a token and how its right ends. */
const ENDINGS: Record<string, () => Promise<{ token: string; end: () => Promise<unknown> }>> = {
  'an API key that is revoked': async () => {
    const { data } = await api.gql(
      'mutation { createApiKey(input: { name: "k" }) { secret apiKey { id } } }',
      {},
      owner.token,
    );
    const { secret, apiKey } = data.createApiKey;
    const revoke = 'mutation ($id: ID!) { revokeApiKey(id: $id) { id } }';
    return { token: secret, end: () => api.gql(revoke, { id: apiKey.id }, owner.token) };
  },
  'a session that is signed out': async () => {
    const token = await signIn(owner);
    return { token, end: () => api.gql('mutation { signOut }', {}, token) };
  },
  'a person who signs out everywhere': async () => {
    const member = await join(api, owner, `everywhere-${++names}`, ['VIEWER']);
    const elsewhere = await signIn(member);
    return { token: member.token, end: () => api.gql('mutation { signOutEverywhere }', {}, elsewhere) };
  },
  'a member whose role is taken': async () => {
    const member = await join(api, owner, `demoted-${++names}`, ['ADMIN']);
    const input = { membershipId: member.membershipId, roles: ['VIEWER'] };
    const demote = 'mutation ($input: SetMemberRolesInput!) { setMemberRoles(input: $input) { id } }';
    return { token: member.token, end: () => api.gql(demote, { input }, owner.token) };
  },
  'a member who is removed': async () => {
    const member = await join(api, owner, `removed-${++names}`, ['RESEARCHER']);
    const remove = 'mutation ($id: ID!) { removeMember(membershipId: $id) }';
    return { token: member.token, end: () => api.gql(remove, { id: member.membershipId }, owner.token) };
  },
  'an API key of a member who is removed': async () => {
    const member = await join(api, owner, `removed-${++names}`, ['RESEARCHER']);
    const { data } = await api.gql('mutation { createApiKey(input: { name: "k" }) { secret } }', {}, member.token);
    const remove = 'mutation ($id: ID!) { removeMember(membershipId: $id) }';
    return {
      token: data.createApiKey.secret,
      end: () => api.gql(remove, { id: member.membershipId }, owner.token),
    };
  },
  'another session of somebody who changes the password': async () => {
    const member = await join(api, owner, `changed-${++names}`, ['VIEWER']);
    const token = await signIn(member);
    const input = { currentPassword: member.password, newPassword: 'another long password' };
    const change = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { roles } }';
    return { token, end: () => api.gql(change, { input }, member.token) };
  },
  'another session of somebody who turns the second factor on': async () => {
    const member = await join(api, owner, `guarded-${++names}`, ['VIEWER']);
    const token = await signIn(member);
    const { data } = await api.gql('mutation { startTotpEnrollment { secret } }', {}, member.token);
    const code = new TOTP({ secret: Secret.fromBase32(data.startTotpEnrollment.secret) }).generate();
    const confirm = 'mutation ($code: String!) { confirmTotpEnrollment(code: $code) { mfaEnabled } }';
    return { token, end: () => api.gql(confirm, { code }, member.token) };
  },
  'somebody whose password is reset': async () => {
    const member = await join(api, owner, `forgetful-${++names}`, ['VIEWER']);
    const issue = 'mutation ($id: ID!) { issuePasswordReset(membershipId: $id) { token } }';
    const { data } = await api.gql(issue, { id: member.membershipId }, owner.token);
    const input = { token: data.issuePasswordReset.token, newPassword: 'another long password' };
    const reset = 'mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) }';
    return { token: member.token, end: () => api.gql(reset, { input }) };
  },
};

describe('an open socket', () => {
  test.each(Object.entries(ENDINGS))(
    'of %s is closed at once and sees nothing more; others go on',
    async (what, prepare) => {
      const { token, end } = await prepare();
      const [ending, staying] = [follow(token), follow(owner.token)];
      await run.append(1, () => `before ${what}`);
      await Promise.all([ending.sees(`before ${what}`), staying.sees(`before ${what}`)]);
      const answer = (await end()) as { errors?: unknown };
      expect(answer.errors).toBeUndefined();
      expect((await ending.closed).code).toBe(4403);
      await run.append(1, () => `after ${what}`);
      await staying.sees(`after ${what}`);
      expect(ending.seen).not.toContain(`after ${what}`);
      staying.leave();
    },
  );
});

test('whatever follows a project that its owner makes PRIVATE is ended, for those who may no longer see it', async () => {
  const member = await join(api, owner, `outsider-${++names}`, ['ADMIN']);
  const FOLLOWED: [string, Record<string, unknown>][] = [
    [FOLLOW, { runId: run.publicId, after: 0 }],
    ['subscription ($runId: ID!) { runProgress(runId: $runId) { status } }', { runId: run.publicId }],
    ['subscription ($id: ID!) { projectActivity(projectId: $id) { runs { runId } } }', { id: projectId }],
  ];
  const client = createClient({
    url: api.wsUrl,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization: `Bearer ${member.token}` },
  });
  const streams = FOLLOWED.map(([query, variables]) => client.iterate({ query, variables }));
  for (const stream of streams) expect((await stream.next()).value?.errors).toBeUndefined();
  const staying = follow(owner.token);
  const ends = streams.map((stream) => nextError(stream));
  const UPDATE = 'mutation ($input: UpdateProjectInput!) { updateProject(input: $input) { visibility } }';
  const update = (visibility: string) => api.gql(UPDATE, { input: { id: projectId, visibility } }, owner.token);
  expect((await update('PRIVATE')).data).toEqual({ updateProject: { visibility: 'PRIVATE' } });
  expect(await Promise.all(ends)).toEqual(Array(3).fill('NOT_FOUND'));
  await run.append(1, () => 'for its owner');
  await staying.sees('for its owner');
  await update('TENANT');
  staying.leave();
  await client.dispose();
});

/** The code with which it ends. */
async function nextError(stream: AsyncIterator<unknown>): Promise<unknown> {
  try {
    while (!(await stream.next()).done);
    return 'ended without an error';
  } catch (errors) {
    return (errors as { extensions: { code: string } }[])[0]?.extensions.code;
  }
}

test('clients that come and go, vanish half-way or fall silent leave nothing behind', async () => {
  const busy = await startTestApi(db, {
    edge: { sockets: { ...OPEN_EDGE.sockets, socketsPerAddress: MOST_AT_A_TIME, socketsPerUser: MOST_AT_A_TIME } },
    webSocket: { pingMs: 300 },
  });
  const openSockets = async () => {
    const text = await (await fetch(`${busy.url}/metrics`)).text();
    return Number(/^paperwright_websocket_connections (\d+)/m.exec(text)?.[1]);
  };
  const { answered, refused, silent } = await churn({ url: busy.url, token: owner.token, ...CHURN });
  expect([answered, refused]).toEqual([CHURN.sockets / 2, 0]);
  expect(silent.length).toBeGreaterThan(10);
  while ((await openSockets()) > 0) await new Promise(setImmediate); // the silent ones are found out by two pings
  for (const socket of silent) socket.destroy();

  // every place was given back: as many as may be can be opened again
  const again = Array.from({ length: MOST_AT_A_TIME }, () => new WebSocket(busy.wsUrl, 'graphql-transport-ws'));
  await Promise.all(
    again.map((socket) => new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject))),
  );
  for (const socket of again) socket.terminate();
  await busy.close();
});
