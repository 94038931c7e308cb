/** The matrix where things are followed: subscriptions over WebSockets, event streams over HTTP; and links to bytes. */
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { putContent } from '../../src/platform/blobs/blob-store.js';
import { isA, type Operation, operations } from './operations.js';
import { NOWHERE, type Place } from './place.js';
import { verdictOf } from './verdict.js';
import { CALLERS, type Caller, openWorld, type PlaceName, roleOf, sees, type World } from './world.js';

const PLACES: readonly PlaceName[] = ['shared', 'hidden', 'foreign'];
const TABLE = operations({ email: 'nobody@example.org', password: 'no password' });

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world?.close());

interface Answer {
  outcome: string;
  message: string;
  text: string;
}

/** The first answer that a socket of that caller brings, then it hangs up. */
async function overSocket(operation: Operation, caller: Caller, place: Place): Promise<Answer> {
  const token = world.tokens[caller];
  const client = createClient({
    url: world.api.wsUrl,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...(token && { connectionParams: { authorization: `Bearer ${token}` } }),
  });
  try {
    const answers = client.iterate({ query: operation.document, variables: await operation.variables(place) });
    for await (const { data, errors } of answers) {
      const code = errors?.[0]?.extensions?.code;
      return {
        outcome: code ? String(code) : 'ok',
        message: errors?.[0]?.message ?? '',
        text: JSON.stringify(data ?? null),
      };
    }
    return { outcome: 'ended', message: '', text: '' };
  } catch (errors) {
    const [error] = errors as { message: string; extensions: { code: string } }[];
    return { outcome: error?.extensions.code ?? String(errors), message: error?.message ?? '', text: '' };
  } finally {
    await client.dispose();
  }
}

describe.each(
  TABLE.filter((operation) => !isA('Mutation')(operation)).map(
    (operation, index) => [`${operation.field} (${index})`, operation] as const,
  ),
)('%s over a WebSocket', (_name, operation) => {
  test.each(operation.reach === 'nothing' ? (['shared'] as const) : PLACES)(
    'lets and refuses whom it should, for what is %s',
    async (place) => {
      for (const caller of CALLERS) {
        const { outcome, text } = await overSocket(operation, caller, world.places[place]);
        expect([caller, outcome]).toEqual([caller, verdictOf(operation, caller, place)]);
        expect(text).not.toContain(world.places.foreign.mark);
      }
    },
  );

  if (operation.reach !== 'nothing')
    test('answers the same to what is hidden, foreign or nowhere', async () => {
      const places = [world.places.foreign, world.places.hidden, ...Object.values(NOWHERE)];
      const answers = await Promise.all(places.map((place) => overSocket(operation, 'ADMIN', place)));
      expect(new Set(answers.map(({ outcome, message }) => `${outcome}: ${message}`)).size).toBe(1);
      expect(answers[0]?.outcome).toBe('NOT_FOUND');
    });
});

describe.each(['application/json', 'text/event-stream'])('GET /runs/:id/events as %s', (accept) => {
  const get = async (id: string, caller: Caller) => {
    const token = world.tokens[caller];
    const headers = { accept, ...(token && { authorization: `Bearer ${token}` }) };
    const response = await fetch(`${world.api.url}/runs/${encodeURIComponent(id)}/events`, { headers });
    return { status: response.status, text: await response.text() };
  };

  test.each(PLACES)('lets and refuses whom it should, for a run that is %s', async (place) => {
    for (const caller of CALLERS) {
      const { status, text } = await get(await world.places[place].run('SUCCEEDED'), caller); // ended: so does the stream
      const wanted = !roleOf(caller) ? 401 : sees(caller, place) ? 200 : 404;
      expect([caller, status, text.includes(wanted === 200 ? 'caughtUp' : '"code"')]).toEqual([
        caller,
        wanted,
        wanted !== 200 || accept === 'application/json',
      ]);
    }
  });

  test('answers the same to what is hidden, foreign or nowhere', async () => {
    const places = [world.places.foreign, world.places.hidden, ...Object.values(NOWHERE)];
    const answers = await Promise.all(places.map(async (place) => get(await place.run('SUCCEEDED'), 'ADMIN')));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  });
});

describe('a link to bytes', () => {
  const DOWNLOAD = 'query ($id: ID!) { artifact(id: $id) { downloadUrl sha256 } }';
  const UPLOAD = `mutation ($input: PrepareUploadInput!) { prepareUpload(input: $input) { uploadId url } }`;

  /** The link to an artifact of a place that its owner is given; the bytes are there. */
  async function linkIn(place: 'shared' | 'hidden'): Promise<URL> {
    const { owner, mark } = world.places[place];
    await putContent(world.blobs, owner.tenantId, `${mark} states fact number 0.`);
    const id = await world.places[place].artifact();
    const { data } = await world.api.gql(DOWNLOAD, { id }, world.tokens[place === 'shared' ? 'OWNER' : 'keeper']);
    return new URL(data.artifact.downloadUrl);
  }
  const ticket = async (caller: Caller) => {
    const projectId = await world.places.shared.project();
    const input = { projectId, fileName: 'a.txt', bytes: 5, mediaType: 'text/plain' };
    const { data } = await world.api.gql(UPLOAD, { input }, world.tokens[caller]);
    return new URL(data.prepareUpload.url);
  };
  const changed = (url: URL, change: (copy: URL) => void): URL => {
    const copy = new URL(url);
    change(copy);
    return copy;
  };
  const refusal = async (response: Response) => [response.status, ((await response.json()) as { code: string }).code];

  test('is a capability: whoever holds it reads these bytes without a credential', async () => {
    const response = await fetch(await linkIn('hidden'));
    expect([response.status, await response.text()]).toEqual([200, 'HiddenMark states fact number 0.']);
  });

  test('opens nothing else: no other object, tenant, name, type, method or time', async () => {
    const mine = await linkIn('shared');
    const theirs = await linkIn('hidden');
    const foreignTenant = world.places.foreign.owner.tenantId;
    const forged = [
      changed(mine, (url) => {
        url.pathname = theirs.pathname;
      }),
      changed(mine, (url) => {
        url.pathname = url.pathname.replace(/[0-9a-f-]{36}/, foreignTenant);
      }),
      changed(mine, (url) => {
        url.pathname = `/blobs/uploads/${foreignTenant}/${foreignTenant}`;
      }),
      ...[...mine.searchParams.keys()].map((name) =>
        changed(mine, (url) => url.searchParams.set(name, `${url.searchParams.get(name)}0`)),
      ),
      ...[...mine.searchParams.keys()].map((name) => changed(mine, (url) => url.searchParams.delete(name))),
      changed(mine, (url) => url.searchParams.set('signature', theirs.searchParams.get('signature') ?? '')),
      changed(mine, (url) => url.searchParams.append('expires', '99999999999')),
    ];
    for (const url of forged)
      expect([url.href, ...(await refusal(await fetch(url)))]).toEqual([url.href, 403, 'URL_REFUSED']);
    expect(await refusal(await fetch(mine, { method: 'PUT', body: 'other' }))).toEqual([403, 'URL_REFUSED']);
    expect((await fetch(mine)).status).toBe(200);
  });

  test('to PUT an upload to takes that upload and no other, and reads nothing', async () => {
    const [mine, other] = [await ticket('RESEARCHER'), await ticket('keeper')];
    const put = (url: URL) => fetch(url, { method: 'PUT', body: 'hello' });
    expect(
      await refusal(
        await put(
          changed(mine, (url) => {
            url.pathname = other.pathname;
          }),
        ),
      ),
    ).toEqual([403, 'URL_REFUSED']);
    expect(await refusal(await put(changed(mine, (url) => url.searchParams.set('max', '99999999'))))).toEqual([
      403,
      'URL_REFUSED',
    ]);
    expect(await refusal(await fetch(mine))).toEqual([403, 'URL_REFUSED']);
    expect((await put(mine)).status).toBe(200);
  });

  test('is given to nobody who may not see the artifact', async () => {
    for (const caller of CALLERS) {
      const { data } = await world.api.gql(
        DOWNLOAD,
        { id: await world.places.hidden.artifact() },
        world.tokens[caller],
      );
      expect([caller, typeof data?.artifact?.downloadUrl]).toEqual([
        caller,
        sees(caller, 'hidden') && roleOf(caller) ? 'string' : 'undefined',
      ]);
    }
  });
});
