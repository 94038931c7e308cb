/**
 * Signed, expiring URLs of the disk driver: `{publicUrl}/blobs/{key}?expires=…&…&signature=…`.
 *
 * The signature (HMAC-SHA256) covers the method, the key and every parameter, so nothing about a URL can be changed by
 * its holder. It is compared in constant time and before anything else about the URL is believed. A URL that was
 * altered, made with another secret or is for another object reads the same to the holder; only an honest URL that has
 * run out is told so. All are URL_REFUSED.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { AppError, badInput } from '../errors.js';
import { requireBlobKey, requireUploadKey } from './blob-key.js';
import { MAX_URL_SECONDS, type SignedGet, type SignedPut } from './blob-store.js';

export const BLOB_PATH = '/blobs/';
const SECRET_BYTES = 32; // as long as the hash: RFC 2104, section 3

export interface GetGrant {
  key: string;
  fileName: string;
  mediaType: string;
}

export interface PutGrant {
  key: string;
  maxBytes: number;
  mediaType: string;
}

export interface SignedUrls {
  forGet(key: string, grant: SignedGet): string;
  forPut(key: string, grant: SignedPut): string;
  /** `key` is the decoded path after `/blobs/`, `query` the parsed parameters. Throws URL_REFUSED. */
  openGet(key: string, query: Record<string, unknown>): GetGrant;
  openPut(key: string, query: Record<string, unknown>): PutGrant;
}

export interface SignedUrlOptions {
  secret: Uint8Array; // at least 32 random bytes, the same for every process of an installation
  /**
   * Origin under which clients reach the API, `https://host[:port]`, no trailing slash. Asked at each signature: a port
   * that the system chose is known only after listening.
   */
  publicUrl: () => string;
  clock: () => Date;
}

export function createSignedUrls({ secret, publicUrl, clock }: SignedUrlOptions): SignedUrls {
  if (secret.byteLength < SECRET_BYTES)
    throw badInput(`The secret for signed URLs needs ${SECRET_BYTES} bytes or more.`);

  const signature = (method: string, key: string, parameters: Record<string, string>): Buffer => {
    // JSON of a list is unambiguous: no value can run into its neighbour.
    const text = JSON.stringify(['paperwright-blob-1', method, key, Object.entries(parameters).sort(byName)]);
    return createHmac('sha256', secret).update(text).digest();
  };

  const sign = (method: string, key: string, expiresInSeconds: number, rest: Record<string, string>): string => {
    const expires = Math.floor(clock().getTime() / 1000) + checkLifetime(expiresInSeconds);
    const query = new URLSearchParams({ expires: String(expires), ...rest });
    // Signed as they will arrive: a query string replaces what is no valid Unicode.
    query.set('signature', signature(method, key, Object.fromEntries(query)).toString('base64url'));
    return `${publicUrl()}${BLOB_PATH}${key}?${query}`;
  };

  const open = (method: string, key: string, query: Record<string, unknown>): Record<string, string> => {
    const { signature: given, ...parameters } = singleValues(query);
    requireBlobKey(key);
    const claimed = Buffer.from(given ?? '', 'base64url');
    const expected = signature(method, key, parameters);
    if (claimed.byteLength !== expected.byteLength || !timingSafeEqual(claimed, expected)) throw refused();
    if (Number(parameters.expires) * 1000 <= clock().getTime()) {
      throw new AppError('URL_REFUSED', 'This link has expired.', { hint: 'Ask for a new one.' });
    }
    return parameters;
  };

  return {
    forGet(key, grant) {
      requireBlobKey(key);
      return sign('GET', key, grant.expiresInSeconds, { name: grant.fileName, type: grant.mediaType });
    },
    forPut(key, grant) {
      requireUploadKey(key);
      return sign('PUT', key, grant.expiresInSeconds, { max: String(grant.maxBytes), type: grant.mediaType });
    },
    openGet(key, query) {
      const { name = '', type = '' } = open('GET', key, query);
      return { key, fileName: name, mediaType: type };
    },
    openPut(key, query) {
      const { max = '', type = '' } = open('PUT', key, query);
      return { key, maxBytes: Number(max), mediaType: type };
    },
  };
}

/** Throws BAD_INPUT when a URL is asked for that would live no time at all, or too long. */
export function checkLifetime(seconds: number): number {
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > MAX_URL_SECONDS) {
    throw badInput(`A signed URL may live from 1 to ${MAX_URL_SECONDS} seconds.`);
  }
  return seconds;
}

const refused = () =>
  new AppError('URL_REFUSED', 'This link is not valid.', { hint: 'Ask for a new one and use it unchanged.' });

/** A parameter that is given twice is a parameter somebody added. */
function singleValues(query: Record<string, unknown>): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(query)) {
    if (typeof value !== 'string') throw refused();
    values[name] = value;
  }
  return values;
}

const byName = ([a]: [string, string], [b]: [string, string]) => (a < b ? -1 : 1);
