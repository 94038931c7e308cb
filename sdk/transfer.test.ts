import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getArtifact, putUpload } from './transfer.js';

let server: http.Server;
let url: string;
let received: { type: string | undefined; body: string } | undefined;

beforeAll(async () => {
  server = http.createServer(async (request, response) => {
    if (request.url === '/expired') {
      const refusal = { code: 'URL_REFUSED', message: 'This link has expired.', hint: 'Ask for a new one.' };
      response.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify(refusal));
      return;
    }
    const chunks = await request.toArray();
    received = { type: request.headers['content-type'], body: Buffer.concat(chunks as Buffer[]).toString() };
    response.end('the report');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => server.close());

const artifact = (text: string, path = '') => ({
  name: 'report.md',
  sha256: createHash('sha256').update(text).digest('hex'),
  downloadUrl: url + path,
});

describe('putUpload', () => {
  it("sends the bytes with the ticket's headers", async () => {
    const headers = [{ name: 'content-type', value: 'text/markdown' }];
    await putUpload({ url, headers }, Buffer.from('# Title'));
    expect(received).toEqual({ type: 'text/markdown', body: '# Title' });
  });

  it("throws the storage's own refusal", async () => {
    const refused = putUpload({ url: `${url}/expired`, headers: [] }, Buffer.from('x'));
    await expect(refused).rejects.toMatchObject({ code: 'URL_REFUSED', hint: 'Ask for a new one.', retryable: false });
  });
});

describe('getArtifact', () => {
  it('gives the bytes that have the hash', async () => {
    expect(Buffer.from(await getArtifact(artifact('the report'))).toString()).toBe('the report');
  });

  it('refuses bytes that have another', async () => {
    await expect(getArtifact(artifact('a better report'))).rejects.toMatchObject({ code: 'HASH_MISMATCH' });
  });

  it('does not show the address, which is a credential, when nobody answers', async () => {
    const refused = getArtifact({ ...artifact('x'), downloadUrl: 'http://127.0.0.1:9/blobs/x?signature=secret' });
    await expect(refused).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: expect.not.stringContaining('secret'),
    });
  });
});
