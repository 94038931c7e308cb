/**
 * The ways from the public internet into a private network. Here 127.0.0.1 stands for the public internet and every other
 * address of this machine for the network behind it, so that both can be connected to.
 */
import { describe, expect, it, vi } from 'vitest';
import { startServer } from './http-server.fixture.js';
import { createSafeFetch, type SafeFetchOptions } from './safe-fetch.js';

vi.mock('./public-address.js', () => ({ isPublicAddress: (address: string) => address === '127.0.0.1' }));

const PRIVATE = '127.0.0.2';
const fetchFrom = (url: string, options: Partial<SafeFetchOptions> = {}) =>
  createSafeFetch({ userAgent: 'Tester/1', ...options })(
    { url, types: ['text/plain'], maxBytes: 1_000, timeoutMs: 10_000 },
    new AbortController().signal,
  );
const innerServer = () =>
  startServer((_, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('secret'), PRIVATE);
const redirectTo = (location: string) => startServer((_, response) => response.writeHead(302, { location }).end());

describe.runIf(process.platform === 'linux')('from a public address (skipped where 127.0.0.2 is not set up)', () => {
  it('a redirect does not lead into the network', async () => {
    const inner = await innerServer();
    const outer = await redirectTo(inner.url);
    await expect(fetchFrom(outer.url)).rejects.toMatchObject({ code: 'BAD_INPUT', details: { host: PRIVATE } });
    expect([outer.requests.length, inner.requests.length]).toEqual([1, 0]);
  });

  it('a redirect does not even lead to a service that is allowed', async () => {
    const inner = await innerServer();
    const outer = await redirectTo(inner.url);
    await expect(fetchFrom(outer.url, { allow: [inner.host] })).rejects.toMatchObject({ code: 'BAD_INPUT' });
    expect([outer.requests.length, inner.requests.length]).toEqual([1, 0]);
  });

  it('a service that is allowed redirects to another that is', async () => {
    const inner = await innerServer();
    const outer = await redirectTo(inner.url);
    const answer = await fetchFrom(outer.url, { allow: [inner.host, outer.host] });
    expect(answer.url).toBe(`${inner.url}/`);
  });

  it('a name that turns to the network between two look-ups is refused at the second', async () => {
    const inner = await innerServer();
    let lookups = 0;
    const outer = await redirectTo(`http://rebound.example:${inner.port}/`);
    const failure = fetchFrom(`http://rebound.example:${outer.port}/`, {
      resolve: (_, done) => done(null, [{ address: ++lookups === 1 ? '127.0.0.1' : PRIVATE, family: 4 }]),
    });
    await expect(failure).rejects.toMatchObject({ code: 'BAD_INPUT' });
    expect([lookups, outer.requests.length, inner.requests.length]).toEqual([2, 1, 0]);
  });
});
