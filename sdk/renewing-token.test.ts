import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestApi, type TestApi } from '../tests/support/api.js';
import { createTestDatabase, type TestDatabase } from '../tests/support/database.js';
import { scriptRun } from '../tests/support/scripted-run.js';
import { createNodePaperwright } from './node.js';
import { renewingToken, type SessionTokens } from './renewing-token.js';
import { signedIn } from './signed-in.js';

const SHORT_MS = 1_000; // the life of an access token: seconds where others have minutes

let db: TestDatabase;
let api: TestApi;

beforeAll(async () => {
  db = await createTestDatabase();
  api = await startTestApi(db, {
    auth: { accessTokenMs: SHORT_MS, clockSkewS: 0 },
    webSocket: { credentialCheckMs: 20 },
  });
});

afterAll(async () => {
  await api?.close();
  await db?.drop();
});

let people = 0;
async function signUp(): Promise<SessionTokens> {
  const stranger = createNodePaperwright({ url: api.url });
  const { register } = await stranger.register({
    input: {
      email: `sdk-${++people}@example.org`,
      password: 'correct horse battery',
      displayName: 'A',
      tenantName: 'B',
    },
  });
  const { accessToken, expiresAt, refreshToken } = signedIn(register);
  return { accessToken, expiresAt, refreshToken };
}

const over =
  ({ accessToken }: SessionTokens) =>
  async () => {
    const { errors } = await api.gql('{ viewer { roles } }', {}, accessToken);
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  };

describe('renewingToken', () => {
  it('watches a run through the ends of several access tokens, each event once and in order', async () => {
    const session = await signUp();
    const renewed: SessionTokens[] = [];
    const token = renewingToken({ url: api.url, session, onRenewed: (next) => void renewed.push(next) });
    const paperwright = createNodePaperwright({ url: api.url, token });
    const run = await scriptRun(db, paperwright);
    const received: number[] = [];
    let interruptions = 0;
    let written = 1;
    await run.append(written);
    for await (const { seq } of paperwright.watchRun(run.id, { onInterrupted: () => interruptions++ })) {
      received.push(seq);
      if (seq < written) continue;
      if (interruptions < 2) {
        // while the client holds no newer one: its socket ends with this token
        await vi.waitFor(over(renewed.at(-1) ?? session), { timeout: 5_000, interval: 50 });
        await run.append(3);
        written += 3;
      } else if (seq === written) await run.finish();
    }
    paperwright.close();
    expect(received).toEqual((await run.table()).map((event) => event.seq));
    expect(renewed.length).toBeGreaterThanOrEqual(2);
  });

  it('renews once for many who ask at once, and keeps what it was told', async () => {
    const session = await signUp();
    await vi.waitFor(over(session), { timeout: 5_000, interval: 50 });
    const onRenewed = vi.fn();
    const paperwright = createNodePaperwright({
      url: api.url,
      token: renewingToken({ url: api.url, session, onRenewed }),
    });
    await Promise.all(Array.from({ length: 5 }, () => paperwright.viewer()));
    expect(onRenewed).toHaveBeenCalledTimes(1);
    expect(onRenewed.mock.lastCall?.[0].refreshToken).not.toBe(session.refreshToken);
  });

  it('renews a token that the server refuses, however long this clock believes it to be good', async () => {
    const session = await signUp();
    await vi.waitFor(over(session), { timeout: 5_000, interval: 50 });
    const believed = { ...session, expiresAt: '2999-01-01T00:00:00Z' };
    const paperwright = createNodePaperwright({
      url: api.url,
      token: renewingToken({ url: api.url, session: believed }),
    });
    expect((await paperwright.viewer()).viewer.roles).toEqual(['OWNER']);
  });

  it('throws UNAUTHENTICATED when the session has ended, over HTTP and while watching', async () => {
    const session = await signUp();
    const paperwright = createNodePaperwright({ url: api.url, token: renewingToken({ url: api.url, session }) });
    const run = await scriptRun(db, paperwright);
    await run.append(1);
    const watching = (async () => {
      for await (const _event of paperwright.watchRun(run.id)) await paperwright.signOutEverywhere();
    })();
    await expect(watching).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(paperwright.viewer()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    paperwright.close();
  });

  it('leaves the refresh token to a cookie, for a page that asks for one', async () => {
    const page = createNodePaperwright({ url: api.url, refreshCookie: true });
    const email = `sdk-${++people}@example.org`;
    const { register } = await page.register({
      input: { email, password: 'correct horse battery', displayName: 'A', tenantName: 'B' },
    });
    const session = signedIn(register);
    expect(session.refreshToken).toBeNull();
    await vi.waitFor(over(session), { timeout: 5_000, interval: 50 });
    const asPage = createNodePaperwright({
      url: api.url,
      token: renewingToken({ url: api.url, session, refreshCookie: true }),
    });
    await expect(asPage.viewer()).rejects.toThrow('neither as argument nor in a cookie'); // Node keeps no cookies
    const asProgram = createNodePaperwright({ url: api.url, token: renewingToken({ url: api.url, session }) });
    await expect(asProgram.viewer()).rejects.toThrow('there is no refresh token');
  });
});
