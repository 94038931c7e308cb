import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, truncate } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { type FastifyInstance, fastify } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../ids.js';
import { contentKey, sha256Of, uploadKey } from './blob-key.js';
import { blobRoutes } from './blob-routes.js';
import { type BlobStore, putContent } from './blob-store.js';
import { openDiskBlobStore } from './disk-blob-store.js';
import { createSignedUrls, type SignedUrls } from './signed-urls.js';

describe('the /blobs/ routes', () => {
  const origin = 'http://paperwright.test';
  const grant = { expiresInSeconds: 60, fileName: 'report.html', mediaType: 'text/html' };
  let now = new Date('2026-01-01T00:00:00Z');
  let root: string;
  let store: BlobStore;
  let urls: SignedUrls;
  let app: FastifyInstance;
  let address: string;

  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'blob-routes-'));
    urls = createSignedUrls({ secret: randomBytes(32), publicUrl: () => origin, clock: () => now });
    store = await openDiskBlobStore({ root, urls });
    app = fastify();
    await app.register(blobRoutes, { store, urls });
    app.post('/json', async (request) => request.body);
    address = await app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(async () => {
    await app.close();
    await rm(root, { recursive: true });
  });

  const pathOf = (url: string) => url.slice(origin.length);
  /** The path as given: fetch and inject would resolve `..` before the server sees it. */
  const sendRaw = (method: string, rawPath: string) =>
    new Promise<{ statusCode?: number; body: { code?: string } }>((resolve, reject) => {
      const { hostname, port } = new URL(address);
      const request = http.request({ hostname, port, method, path: rawPath }, async (response) => {
        resolve({ statusCode: response.statusCode, body: (await json(response)) as { code?: string } });
      });
      request.on('error', reject).end();
    });
  const storedUrl = async (text: string) => {
    const tenantId = newId();
    const { sha256 } = await putContent(store, tenantId, text);
    return { tenantId, sha256, path: pathOf(urls.forGet(contentKey(tenantId, sha256), grant)) };
  };

  it('serve a stranger’s HTML so that no browser runs it', async () => {
    const { path: url, sha256 } = await storedUrl('<script>alert(1)</script>');
    const response = await app.inject(url);
    expect(response.statusCode).toBe(200);
    expect(response.body).toBe('<script>alert(1)</script>');
    expect(response.headers).toMatchObject({
      'content-type': 'text/html',
      'content-disposition': 'attachment; filename="report.html"; filename*=UTF-8\'\'report.html',
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-length': '25',
      etag: `"${sha256}"`,
    });
  });

  it('answer 304 to who has it already, and 200 with headers only to HEAD', async () => {
    const { path: url, sha256 } = await storedUrl('cached');
    for (const held of [`"${sha256}"`, `W/"${sha256}"`, `"another", "${sha256}"`]) {
      const cached = await app.inject({ url, headers: { 'if-none-match': held } });
      expect([cached.statusCode, cached.body]).toEqual([304, '']);
    }
    const head = await app.inject({ url, method: 'HEAD' });
    expect([head.statusCode, head.headers['content-length'], head.body]).toEqual([200, '6', '']);
  });

  it('never let a media type or a name break out of its header', async () => {
    const { tenantId, sha256 } = await storedUrl('x');
    const nasty = { expiresInSeconds: 60, fileName: 'a"\r\nset-cookie: x=1\\..\ud800', mediaType: 'text/html\r\nx: y' };
    const response = await app.inject(pathOf(urls.forGet(contentKey(tenantId, sha256), nasty)));
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toBe('application/octet-stream');
    expect(response.headers['content-disposition']).toBe(
      'attachment; filename="a_set-cookie_ x_1_.._"; filename*=UTF-8\'\'a%22set-cookie%3A%20x%3D1_..%EF%BF%BD',
    );
    expect(response.headers['set-cookie']).toBeUndefined();
  });

  it('refuse an expired URL with 403 and say what to do', async () => {
    const { path: url } = await storedUrl('expired');
    const made = now;
    now = new Date(made.getTime() + 60_000);
    const response = await app.inject(url);
    now = made;
    expect(response.statusCode).toBe(403);
    expect(response.json()).toEqual({
      code: 'URL_REFUSED',
      message: 'This link has expired.',
      hint: 'Ask for a new one.',
    });
  });

  it('refuse a URL signed with another secret, a longer life, an added or a repeated parameter', async () => {
    const { tenantId, sha256, path: url } = await storedUrl('mine');
    const stranger = createSignedUrls({ secret: randomBytes(32), publicUrl: () => origin, clock: () => now });
    const attempts = [
      pathOf(stranger.forGet(contentKey(tenantId, sha256), grant)),
      url.replace(/expires=\d+/, 'expires=99999999999'),
      `${url}&max=1`,
      `${url}&name=other`,
      url.replace(/signature=.*/, 'signature='),
      url.replace(/signature=.*/, 'signature=%00'),
    ];
    for (const attempt of attempts) {
      const response = await app.inject(attempt);
      expect([response.statusCode, response.json().code], attempt).toEqual([403, 'URL_REFUSED']);
    }
  });

  it.each([
    '/blobs/../../../etc/passwd',
    '/blobs/..%2f..%2f..%2fetc%2fpasswd',
    '/blobs/%2e%2e/%2e%2e/etc/passwd',
    '/blobs/%2fetc%2fpasswd',
    '/blobs/..%5c..%5csecret',
    '/blobs/%00',
    '/blobs/%252e%252e%252fsecret',
    '/blobs/.tmp/x',
    '/blobs/',
  ])('refuse the path %s for reading and for writing', async (url) => {
    for (const method of ['GET', 'PUT']) {
      const response = await sendRaw(method, `${url}?expires=9999999999&signature=AAAA`);
      expect([response.statusCode, response.body.code]).toEqual([403, 'URL_REFUSED']);
    }
  });

  it('answer 404 for a good URL whose object is gone, and 500 for one whose object was altered', async () => {
    const gone = await storedUrl('soon deleted');
    await store.delete(contentKey(gone.tenantId, gone.sha256));
    const missing = await app.inject(gone.path);
    expect([missing.statusCode, missing.json().code]).toEqual([404, 'NOT_FOUND']);

    const short = await storedUrl('soon truncated');
    await truncate(path.join(root, contentKey(short.tenantId, short.sha256)), 4);
    const damaged = await app.inject(short.path);
    expect([damaged.statusCode, damaged.json().code]).toEqual([500, 'HASH_MISMATCH']);
    expect(damaged.headers['content-disposition']).toBeUndefined();
  });

  it('break off the download of a large object that was altered, so that nobody takes it for whole', async () => {
    const large = await storedUrl('x'.repeat(1_000_000));
    await truncate(path.join(root, contentKey(large.tenantId, large.sha256)), 900_000);
    const download = fetch(`${address}${large.path}`).then((response) => response.arrayBuffer());
    await expect(download).rejects.toThrow();
  });

  describe('for uploads', () => {
    const ticket = (maxBytes: number) => {
      const key = uploadKey(newId(), newId());
      return { key, url: pathOf(urls.forPut(key, { expiresInSeconds: 60, maxBytes, mediaType: 'application/pdf' })) };
    };

    it.each(['application/json', 'application/pdf', 'text/plain', undefined])(
      'store the body as it came, whatever its type is said to be (%s)',
      async (type) => {
        const { key, url } = ticket(100);
        const payload = Buffer.from('{"not": json');
        const response = await app.inject({
          method: 'PUT',
          url,
          payload,
          headers: type ? { 'content-type': type } : {},
        });
        expect(response.json()).toEqual({ sha256: sha256Of(payload), bytes: payload.byteLength });
        expect(await store.read(key, 100)).toEqual(payload);
      },
    );

    it('take an empty body', async () => {
      const { url } = ticket(100);
      expect((await app.inject({ method: 'PUT', url })).json()).toEqual({ sha256: sha256Of(''), bytes: 0 });
    });

    it('refuse with 413 what is declared too large before reading it, and what grows too large while reading', async () => {
      const declared = ticket(100);
      const response = await app.inject({ method: 'PUT', url: declared.url, payload: randomBytes(101) });
      expect([response.statusCode, response.json().code]).toEqual([413, 'QUOTA_EXCEEDED']);

      const grown = ticket(100_000);
      expect(await putEndlessly(`${address}${grown.url}`)).toBe(413);
      expect(await store.stat(grown.key)).toBeUndefined();
    });

    it('leave other routes their JSON parser', async () => {
      const response = await app.inject({ method: 'POST', url: '/json', payload: { kept: true } });
      expect(response.json()).toEqual({ kept: true });
    });
  });
});

/** Sends chunks without a declared length until the server answers; resolves with the status. */
function putEndlessly(url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: 'PUT' }, (response) => {
      response.resume();
      resolve(response.statusCode);
      request.destroy();
    });
    request.on('error', reject);
    const send = () => {
      if (!request.destroyed) request.write(randomBytes(50_000), send);
    };
    send();
  });
}
