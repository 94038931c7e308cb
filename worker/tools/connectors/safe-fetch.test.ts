import type { ServerResponse } from 'node:http';
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { startServer } from './http-server.fixture.js';
import type { ResolveHost } from './open-response.js';
import { createSafeFetch, type FetchRequest } from './safe-fetch.js';

const REQUEST = { types: ['text/plain'], maxBytes: 10_000, timeoutMs: 10_000 };
const never = new AbortController().signal;
const userAgent = 'Tester/1 (mailto:tester@example.org)';

const fetchFrom = (url: string, allow: string[], request: Partial<FetchRequest> = {}, resolve?: ResolveHost) =>
  createSafeFetch({ userAgent, allow, ...(resolve ? { resolve } : {}) })({ ...REQUEST, url, ...request }, never);

const plain = (response: ServerResponse, body: string | Buffer, headers: Record<string, string> = {}) =>
  response.writeHead(200, { 'content-type': 'text/plain; charset=UTF-8', ...headers }).end(body);

const to = (...addresses: string[]): ResolveHost => {
  return (_, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
};

describe('an address that may be fetched', () => {
  it('gives its bytes, type and headers, and is told who asks', async () => {
    const server = await startServer((_, response) => plain(response, 'héllo', { 'x-rate-limit-limit': '50' }));
    const answer = await fetchFrom(`${server.url}/a?b=1`, [server.host]);
    expect(answer).toMatchObject({ url: `${server.url}/a?b=1`, mediaType: 'text/plain', charset: 'utf-8' });
    expect(answer.bytes.toString()).toBe('héllo');
    expect(answer.headers['x-rate-limit-limit']).toBe('50');
    expect(server.requests[0]?.headers).toMatchObject({ 'user-agent': userAgent, accept: 'text/plain' });
    expect(server.requests[0]?.headers.cookie).toBeUndefined();
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('may come packed as %s', async (encoding, pack) => {
    const server = await startServer((_, response) =>
      plain(response, pack('packed'), { 'content-encoding': encoding }),
    );
    expect((await fetchFrom(server.url, [server.host])).bytes.toString()).toBe('packed');
  });

  it('is connected to at exactly the address that was judged', async () => {
    const server = await startServer((_, response) => plain(response, 'here'));
    const asked: string[] = [];
    const resolve: ResolveHost = (hostname, done) => {
      asked.push(hostname);
      // the second answer would lead elsewhere: it is never asked for
      to(asked.length === 1 ? '127.0.0.1' : '127.0.0.9')(hostname, done);
    };
    const answer = await fetchFrom(
      `http://paper.example:${server.port}/`,
      [`paper.example:${server.port}`],
      {},
      resolve,
    );
    expect(answer.bytes.toString()).toBe('here');
    expect(asked).toEqual(['paper.example']);
  });

  it('is named in full by an allow list: a host without its port is no entry', async () => {
    expect(() => createSafeFetch({ userAgent, allow: ['127.0.0.1'] })).toThrow(/host with its port/);
    expect(() => createSafeFetch({ userAgent, allow: ['http://127.0.0.1', '[::1]:80'] })).not.toThrow();
  });
});

describe('an address that leads into a private network is refused before anything is sent', () => {
  it.each([
    'http://127.0.0.1:PORT/',
    'http://2130706433:PORT/',
    'http://0x7f.1:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::1]:PORT/',
    'http://0.0.0.0:PORT/',
    'http://localhost:PORT/',
    'http://LOCALHOST:PORT/',
  ])('%s', async (url) => {
    const server = await startServer((_, response) => plain(response, 'secret'));
    await expect(fetchFrom(url.replace('PORT', String(server.port)), [])).rejects.toMatchObject({ code: 'BAD_INPUT' });
    expect(server.requests).toEqual([]);
  });

  it.each([
    [['127.0.0.1']],
    [['93.184.215.14', '127.0.0.1']],
    [['10.0.0.7']],
    [['::ffff:169.254.169.254']],
    [['fd00::1', '2606:4700::1111']],
  ])('a name that resolves to %j', async (addresses) => {
    const server = await startServer((_, response) => plain(response, 'secret'));
    const failure = fetchFrom(`http://rebound.example:${server.port}/`, [server.host], {}, to(...addresses));
    await expect(failure).rejects.toMatchObject({ code: 'BAD_INPUT', details: { host: 'rebound.example' } });
    expect(server.requests).toEqual([]);
  });

  it.each(['ftp://example.org/', 'file:///etc/passwd', 'javascript:1', 'nonsense', 'http://user:pass@example.org/'])(
    '%s',
    async (url) => {
      await expect(fetchFrom(url, [])).rejects.toMatchObject({ code: 'BAD_INPUT', retryable: false });
    },
  );
});

describe('a redirect', () => {
  it('is followed, five times at most', async () => {
    const server = await startServer((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) plain(response, 'there');
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    });
    const answer = await fetchFrom(`${server.url}/5`, [server.host]);
    expect([answer.bytes.toString(), answer.url]).toEqual(['there', `${server.url}/0`]);
    await expect(fetchFrom(`${server.url}/6`, [server.host])).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      retryable: false,
    });
  });

  it.each(['127.0.0.1', 'localhost', '[::1]'])('to a private address (%s) is refused', async (host) => {
    const inner = await startServer((_, response) => plain(response, 'secret'));
    const outer = await startServer((_, response) =>
      response.writeHead(302, { location: `http://${host}:${inner.port}/` }).end(),
    );
    await expect(fetchFrom(outer.url, [outer.host])).rejects.toMatchObject({ code: 'BAD_INPUT' });
    expect(inner.requests).toEqual([]);
  });

  it('to another origin carries no key, to the same one it does', async () => {
    const other = await startServer((_, response) => plain(response, 'there'));
    const first = await startServer((request, response) =>
      response.writeHead(307, { location: request.url === '/a' ? '/b' : `http://me:pw@${other.host}/c` }).end(),
    );
    const headers = { authorization: 'Bearer secret', 'x-api-key': 'secret' };
    await fetchFrom(`${first.url}/a`, [first.host, other.host], { headers });
    expect(first.requests.map((each) => each.headers['x-api-key'])).toEqual(['secret', 'secret']);
    expect(other.requests[0]?.headers).not.toHaveProperty('x-api-key');
    expect(other.requests[0]?.headers).not.toHaveProperty('authorization');
    expect(other.requests[0]?.headers.accept).toBe('text/plain');
  });

  it.each([
    ['nowhere', undefined, 'UNAVAILABLE', 'a redirect to nowhere'],
    ['a file', 'file:///etc/passwd', 'BAD_INPUT', 'Only http'],
    ['another scheme', 'ftp://127.0.0.1/x', 'BAD_INPUT', 'Only http'],
  ])('to %s fails', async (_, location, code, said) => {
    const server = await startServer((_request, response) =>
      response.writeHead(301, location === undefined ? {} : { location }).end(),
    );
    const message = expect.stringContaining(said);
    await expect(fetchFrom(server.url, [server.host])).rejects.toMatchObject({ code, message });
  });
});

describe('an answer that cannot be used', () => {
  it.each([
    [404, 'NOT_FOUND', false],
    [410, 'NOT_FOUND', false],
    [403, 'UNAVAILABLE', false],
    [429, 'UNAVAILABLE', true],
    [500, 'UNAVAILABLE', true],
    [503, 'UNAVAILABLE', true],
  ])('with status %i is %s, worth another try: %s', async (status, code, retryable) => {
    const server = await startServer((_, response) =>
      response.writeHead(status, { 'retry-after': '7', 'content-type': 'text/html' }).end('<h1>no</h1>'),
    );
    const failure = await fetchFrom(server.url, [server.host]).catch((error) => error);
    expect(failure).toMatchObject({ code, retryable, details: { status } });
    if (retryable) expect(failure.details.retryAfterMs).toBe(7_000);
  });

  it('of another type is refused before its body is read', async () => {
    const server = await startServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.write('<html>'); // and never ends
    });
    await expect(fetchFrom(server.url, [server.host])).rejects.toMatchObject({
      code: 'UNSUPPORTED_MEDIA_TYPE',
      details: { mediaType: 'text/html' },
    });
  });

  it('that announces too many bytes is refused before they come', async () => {
    const server = await startServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': '10001' });
      response.flushHeaders(); // and never a byte
    });
    await expect(fetchFrom(server.url, [server.host])).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
  });

  it('that turns out to have too many bytes is cut off', async () => {
    const server = await startServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.write('x'.repeat(10_001)); // and never an end
    });
    await expect(fetchFrom(server.url, [server.host])).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
  });

  it.each([
    ['gzip', gzipSync],
    ['br', (zeros: Buffer) => brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
  ])('that is a bomb (%s) is stopped at the limit', async (encoding, pack) => {
    const bomb = pack(Buffer.alloc(200_000_000)); // 200 MB of zeros
    const server = await startServer((_, response) => plain(response, bomb, { 'content-encoding': encoding }));
    const before = process.memoryUsage().arrayBuffers;
    const failure = fetchFrom(server.url, [server.host], { maxBytes: 1_000_000 });
    await expect(failure).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED', retryable: false });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
  });

  it.each([
    [
      'before its announced end',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-type': 'text/plain', 'content-length': '100' });
        response.write('half', () => response.destroy());
      },
    ],
    [
      'in the middle of a chunk',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-type': 'text/plain' });
        response.write('half', () => response.destroy());
      },
    ],
    [
      'before the end of what is packed',
      (response: ServerResponse) =>
        plain(response, gzipSync('x'.repeat(5_000)).subarray(0, -9), { 'content-encoding': 'gzip' }),
    ],
    [
      'with bytes that are not packed',
      (response: ServerResponse) => plain(response, 'x', { 'content-encoding': 'gzip' }),
    ],
    ['before it begins', (response: ServerResponse) => response.destroy()],
    ['without speaking HTTP', (response: ServerResponse) => response.socket?.end('SSH-2.0\r\n\r\n')],
  ])('that ends %s is worth another try', async (_, answer) => {
    const server = await startServer((_request, response) => answer(response));
    await expect(fetchFrom(server.url, [server.host])).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
  });

  it('that switches to another protocol is worth another try', async () => {
    const server = await startServer((_, response) =>
      response.socket?.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
    );
    await expect(fetchFrom(server.url, [server.host])).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
  });

  it('over TLS that is none is worth another try', async () => {
    const server = await startServer((_, response) => plain(response, 'x'));
    const url = server.url.replace('http:', 'https:');
    await expect(fetchFrom(url, [server.host])).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
  });

  it('of a host that listens no more is worth another try', async () => {
    await expect(fetchFrom('http://127.0.0.1:1/', ['127.0.0.1:1'])).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      retryable: true,
      details: { host: '127.0.0.1' },
    });
  });
});

describe('time', () => {
  it.each([
    ['never answers', () => {}],
    ['drips', (response: ServerResponse) => drip(response)],
  ])('is up when a server %s, whatever it sends meanwhile', async (_, answer) => {
    const server = await startServer((_request, response) => answer(response));
    await expect(fetchFrom(server.url, [server.host], { timeoutMs: 200 })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      retryable: true,
      message: expect.stringContaining('0.2 seconds'),
    });
  });

  it('is up for a name that does not resolve in it', async () => {
    const failure = fetchFrom('http://slow.example/', [], { timeoutMs: 100 }, () => {});
    await expect(failure).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
  });

  it.each([
    ['before the head', () => {}],
    ['in the body', (response: ServerResponse) => drip(response)],
  ])('ends when the caller stops, %s, and the connection with it', async (_, answer) => {
    const stop = new AbortController();
    let closed = () => {};
    const isClosed = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const server = await startServer((request, response) => {
      request.socket.once('close', closed);
      answer(response);
      setImmediate(() => stop.abort('CANCELED'));
    });
    const fetch = createSafeFetch({ userAgent, allow: [server.host] });
    await expect(fetch({ ...REQUEST, url: server.url }, stop.signal)).rejects.toBe('CANCELED');
    await isClosed;
  });
});

/** A byte now and then, for ever. */
function drip(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/plain' });
  const timer = setInterval(() => response.write('.'), 10);
  response.once('close', () => clearInterval(timer));
}
