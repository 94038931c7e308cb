/**
 * One GET, answered with its head: the body still flows. The address is judged where the connection is made, on what the
 * host's name resolves to at that moment, and exactly that address is connected to. A name that resolves differently a
 * moment later gains nothing.
 */
import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { forbiddenAddress } from './fetch-failures.js';
import { isPublicAddress } from './public-address.js';

/** All addresses of a host name, as the system has them. */
export type ResolveHost = (hostname: string, done: (error: Error | null, addresses: LookupAddress[]) => void) => void;

export interface OpenRequest {
  headers: Record<string, string>;
  signal: AbortSignal;
  /** The host may stand on this machine or its network: the operator named it. */
  trusted: boolean;
  resolve: ResolveHost;
}

const MAX_HEAD_BYTES = 32_768; // 32 KiB; Node's own limit is 16 KiB, and publishers set many cookies

export const resolveBySystem: ResolveHost = (hostname, done) => dnsLookup(hostname, { all: true }, done);

/** Rejects with BAD_INPUT for a forbidden address, with the signal's reason, or with Node's own error. */
export function openResponse(url: URL, { headers, signal, trusted, resolve }: OpenRequest): Promise<IncomingMessage> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // an address in place of a name is never looked up
  if (isIP(host) !== 0 && !trusted && !isPublicAddress(host)) return Promise.reject(forbiddenAddress(url.hostname));
  return new Promise((done, fail) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(url, {
      method: 'GET',
      headers,
      agent: false, // a connection of its own, and no proxy: both would evade the look-up
      lookup: lookupWith(resolve, trusted),
      maxHeaderSize: MAX_HEAD_BYTES,
    });
    const stop = () => {
      request.destroy();
      fail(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
    request.once('close', () => {
      signal.removeEventListener('abort', stop);
      fail(new Error('The connection was closed without an answer.')); // an upgrade, say; no effect after an answer
    });
    request.once('response', done);
    request.on('error', fail);
    request.end();
  });
}

/** One forbidden address among several refuses the host: which of them would be connected to is chance. */
const lookupWith =
  (resolve: ResolveHost, trusted: boolean): LookupFunction =>
  (hostname, options, done) =>
    resolve(hostname, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error || !first) return done(error ?? new Error(`${hostname} has no address.`), '', 4);
      if (!trusted && !addresses.every(({ address }) => isPublicAddress(address)))
        return done(forbiddenAddress(hostname), '', 4);
      return options.all ? done(null, addresses) : done(null, first.address, first.family);
    });
