import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { addressOf, isProxy, trustOf } from './client-address.js';

const PROXIES = ['10.0.0.0/8', '192.0.2.1', '2001:db8::/32'];

test.each([
  ['a stranger who claims to be somebody else', '203.0.113.5', '198.51.100.1', '203.0.113.5'],
  ['a proxy without the header', '10.1.2.3', undefined, '10.1.2.3'],
  ['the client of a proxy', '10.1.2.3', '198.51.100.1', '198.51.100.1'],
  ['a client that wrote into the header first', '10.1.2.3', '127.0.0.1, 198.51.100.1', '198.51.100.1'],
  ['a proxy behind a proxy', '::ffff:10.1.2.3', '1.1.1.1, 198.51.100.1, 192.0.2.1', '198.51.100.1'],
  ['a proxy by IPv6', '2001:db8::7', '2001:db9::1', '2001:db9::1'],
])('%s', (_what, remoteAddress, forwarded, wanted) => {
  const request = {
    socket: { remoteAddress },
    headers: { 'x-forwarded-for': forwarded },
  } as unknown as IncomingMessage;
  expect(addressOf(request, trustOf(PROXIES))).toBe(wanted);
});

test('without proxies nobody is believed', () => {
  const request = { socket: { remoteAddress: '127.0.0.1' }, headers: { 'x-forwarded-for': '1.1.1.1' } };
  expect(addressOf(request as unknown as IncomingMessage, trustOf([]))).toBe('127.0.0.1');
});

test('what is no address and no network is no proxy', () => {
  expect(PROXIES.every(isProxy)).toBe(true);
  for (const text of ['', 'proxy.example', '10.0.0.0/33', '10.0.0/8', '::1/129', '1.2.3.4/8/8', '1.2.3.4/x'])
    expect([text, isProxy(text)]).toEqual([text, false]);
});
