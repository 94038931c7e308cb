import { randomBytes } from 'node:crypto';
import { Client } from 'minio';
import { afterEach, describe, expect, it } from 'vitest';
import { type BreakableProxy, openBreakableProxy } from '../../../tests/support/breakable-proxy.js';
import { S3_HINT, s3TestServer } from '../../../tests/support/s3.js';
import { newId } from '../ids.js';
import { contentKey, sha256Of } from './blob-key.js';
import { describeBlobStore } from './blob-store.contract.js';
import { putContent } from './blob-store.js';
import { openS3BlobStore } from './s3-blob-store.js';

const server = s3TestServer();

describe('the S3 blob store without a server', () => {
  const credentials = { accessKey: 'a', secretKey: 'secret-key', bucket: 'paperwright' };

  it.each(['', 'localhost:9000', 'ftp://host', 'not a url'])('refuses the endpoint %j with BAD_INPUT', (endpoint) => {
    expect(() => openS3BlobStore({ endpoint, ...credentials })).toThrow(/must be a URL/);
  });

  it('opens without a request, signs URLs for the public endpoint, and is a retryable outage when called', async () => {
    // Port 1 is reserved and nothing listens there.
    const store = openS3BlobStore({
      endpoint: 'http://127.0.0.1:1',
      publicEndpoint: 'https://files.example.org',
      ...credentials,
    });
    const key = contentKey(newId(), sha256Of('x'));
    const url = await store.signedGetUrl(key, { expiresInSeconds: 60, fileName: 'x.md', mediaType: 'text/markdown' });
    expect(url).toMatch(/^https:\/\/files\.example\.org\/paperwright\//);
    await expect(store.read(key, 10)).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
  });
});

if (server) {
  const bucket = `pw-${newId()}`;

  describeBlobStore('S3', async () => {
    const proxy = await openBreakableProxy(server.endpoint);
    const store = openS3BlobStore({ ...server, endpoint: proxy.url, publicEndpoint: server.endpoint, bucket });
    const { hostname, port } = new URL(server.endpoint);
    const direct = new Client({
      endPoint: hostname,
      port: Number(port),
      useSSL: false,
      ...server,
      region: 'us-east-1',
    });
    return {
      store,
      damage: async (key, bytes) => void (await direct.putObject(bucket, key, Buffer.from(bytes))),
      breakStorage: () => proxy.stop(),
      restore: () => proxy.start(),
      close: async () => {
        for await (const { key } of store.list('')) await store.delete(key);
        await direct.removeBucket(bucket);
        await proxy.stop();
      },
    };
  });

  describe('the S3 blob store against a real server', () => {
    const proxies: BreakableProxy[] = [];
    afterEach(async () => {
      for (const proxy of proxies.splice(0)) await proxy.stop();
    });
    const behindProxy = async (more: { idleMs?: number } = {}) => {
      const proxy = await openBreakableProxy(server.endpoint);
      proxies.push(proxy);
      return { proxy, store: openS3BlobStore({ ...server, endpoint: proxy.url, bucket: 'pw-faults', ...more }) };
    };

    it('gives up on a server that takes the connection and says nothing', async () => {
      const { proxy, store } = await behindProxy({ idleMs: 200 });
      proxy.stall();
      await expect(store.health()).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
    });

    it.each(['before the bucket is known', 'in the middle of a put'])(
      'drops a call on a silent server at once when the run is canceled %s',
      async (when) => {
        const { proxy, store } = await behindProxy();
        if (when === 'in the middle of a put') await store.health();
        proxy.stall();
        const abort = new AbortController();
        const sent = proxy.nextRequest();
        const put = putContent(store, newId(), randomBytes(100), { signal: abort.signal });
        await sent;
        abort.abort(new Error('the run was canceled'));
        await expect(put).rejects.toThrow('the run was canceled');
      },
    );

    it('ends a download that the server breaks off with a retryable error, never as if it were whole', async () => {
      const { proxy, store } = await behindProxy();
      const tenantId = newId();
      const { sha256 } = await putContent(store, tenantId, randomBytes(8 * 1024 * 1024));
      const download = (async () => {
        let received = 0;
        for await (const chunk of (await store.get(contentKey(tenantId, sha256))) as AsyncIterable<Buffer>) {
          if (received === 0) await proxy.stop();
          received += chunk.byteLength;
        }
      })();
      await expect(download).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
      await proxy.start();
    });

    it('says that wrong credentials are wrong, and that trying again is no use', async () => {
      const store = openS3BlobStore({ ...server, secretKey: 'wrong-secret', bucket: 'pw-faults' });
      const refusal = store.put(contentKey(newId(), sha256Of('x')), Buffer.from('x'));
      await expect(refusal).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: false });
      await expect(refusal).rejects.toThrow(/refused the request/);
    });

    it('makes its bucket once when several processes start at the same time', async () => {
      const fresh = `pw-${newId()}`;
      const stores = Array.from({ length: 5 }, () => openS3BlobStore({ ...server, bucket: fresh }));
      const tenantId = newId();
      const stored = await Promise.all(stores.map((store, i) => putContent(store, tenantId, `from ${i}`)));
      expect(stored).toHaveLength(5);
    });

    it('refuses a signed URL after it has expired', async () => {
      const { store } = await behindProxy();
      const tenantId = newId();
      const { sha256 } = await putContent(store, tenantId, 'short-lived');
      const grant = { expiresInSeconds: 1, fileName: 'x.txt', mediaType: 'text/plain' };
      const url = await store.signedGetUrl(contentKey(tenantId, sha256), grant);
      await expect.poll(async () => (await fetch(url)).status, { timeout: 10_000, interval: 250 }).toBe(403);
    });
  });
} else {
  describe('the S3 blob store against a real server', () => {
    it.skip(`passes the contract suite and survives faults (${S3_HINT})`, () => undefined);
  });
}
