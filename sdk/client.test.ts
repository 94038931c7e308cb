import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestApi, type TestApi } from '../tests/support/api.js';
import { createTestDatabase, type TestDatabase } from '../tests/support/database.js';
import { createPaperwright } from './client.js';
import { signedIn } from './signed-in.js';

let db: TestDatabase;
let api: TestApi;

beforeAll(async () => {
  db = await createTestDatabase();
  api = await startTestApi(db);
});

afterAll(async () => {
  await api?.close();
  await db?.drop();
});

const account = { email: 'ada@example.org', password: 'correct horse battery', displayName: 'Ada', tenantName: 'Lab' };

describe('createPaperwright', () => {
  it('registers, signs in and acts with a token that is asked for at each call', async () => {
    let token: string | undefined;
    const paperwright = createPaperwright({ url: `${api.url}/`, token: () => token });
    await paperwright.register({ input: account });
    const { signIn } = await paperwright.signIn({ input: { email: account.email, password: account.password } });
    token = signedIn(signIn).accessToken;
    const { createProject } = await paperwright.createProject({ input: { name: 'Ranking' } });
    const { projects } = await paperwright.projects({ first: 5 });
    expect(projects.edges.map(({ node }) => node)).toEqual([createProject]);
  });

  it('calls where there is no WebSocket, as in Node 20', async () => {
    vi.stubGlobal('WebSocket', undefined);
    const paperwright = createPaperwright({ url: api.url });
    await expect(paperwright.viewer()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    paperwright.close();
    vi.unstubAllGlobals();
  });

  it("throws the API's own error, with code and hint, not an error of HTTP", async () => {
    const paperwright = createPaperwright({ url: api.url });
    await expect(paperwright.viewer()).rejects.toMatchObject({
      name: 'PaperwrightError',
      code: 'UNAUTHENTICATED',
      retryable: false,
    });
  });

  it('says which server does not answer, and that it may be tried again', async () => {
    const gone = await serve('');
    await gone.close();
    const refused = createPaperwright({ url: gone.url }).viewer();
    await expect(refused).rejects.toMatchObject({ code: 'UNREACHABLE', retryable: true });
    await expect(refused).rejects.toThrow(`${gone.url} does not answer: connect ECONNREFUSED`);
  });

  it('does not take another web site for the API', async () => {
    const site = await serve('<h1>Welcome</h1>');
    await expect(createPaperwright({ url: site.url }).viewer()).rejects.toMatchObject({ code: 'BAD_ANSWER' });
    await site.close();
  });
});

/** A web site that answers everything with one page. */
async function serve(page: string): Promise<{ url: string; close(): Promise<void> }> {
  const server = http.createServer((_request, response) => response.setHeader('content-type', 'text/html').end(page));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
