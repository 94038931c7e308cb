/**
 * Signed, expiring URLs of the disk driver: `{publicUrl}/blobs/{key}?expires=…&…&kid=…&signature=…`. The signature covers the
 * method, the key and every parameter (../signed-query.ts). Whatever is wrong with a URL is URL_REFUSED.
 */
import { badInput } from '../errors.js';
import { createSignedQueries, type SignedQueryOptions } from '../signed-query.js';
import { requireBlobKey, requireUploadKey } from './blob-key.js';
import { MAX_URL_SECONDS, type SignedGet, type SignedPut } from './blob-store.js';

export const BLOB_PATH = '/blobs/';

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

export interface SignedUrlOptions extends Omit<SignedQueryOptions, 'purpose'> {
  /**
   * Origin under which clients reach the API, `https://host[:port]`, no trailing slash. Asked at each signature: a port
   * that the system chose is known only after listening.
   */
  publicUrl: () => string;
}

export function createSignedUrls({ publicUrl, ...options }: SignedUrlOptions): SignedUrls {
  const queries = createSignedQueries({ ...options, purpose: 'paperwright-blob-1' });

  const sign = (method: string, key: string, expiresInSeconds: number, rest: Record<string, string>): string => {
    const expires = Math.floor(options.clock().getTime() / 1000) + checkLifetime(expiresInSeconds);
    return `${publicUrl()}${BLOB_PATH}${key}?${queries.sign([method, key], expires, rest)}`;
  };

  const open = (method: string, key: string, query: Record<string, unknown>): Record<string, string> => {
    const parameters = queries.open([method, key], query);
    requireBlobKey(key);
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
