/**
 * Query strings that grant something until they expire. The signature (HMAC-SHA256) covers a purpose, the subject and every
 * parameter, so nothing can be changed by the holder. It is compared in constant time and before anything else is
 * believed. What was altered or is for another subject reads the same to the holder; only an honest query that has run out is
 * told so, and one that names a key which is not configured (any more). All are URL_REFUSED.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { AppError, badInput } from './errors.js';
import { keyRing, type NamedKey } from './key-ring.js';

const SECRET_BYTES = 32; // as long as the hash: RFC 2104, section 3

export interface SignedQueries {
  /** `expires` in seconds of Unix time; `subject` is what stands outside the query: a method, a path. */
  sign(subject: readonly string[], expires: number, parameters: Record<string, string>): URLSearchParams;
  /** The parameters of a parsed query, `expires` among them. Throws URL_REFUSED. */
  open(subject: readonly string[], query: Record<string, unknown>): Record<string, string>;
}

export interface SignedQueryOptions {
  secret: Uint8Array; // at least 32 random bytes, the same for every process of an installation
  /** Those before it: what they have signed is accepted until it expires. */
  previousSecrets?: readonly Uint8Array[];
  purpose: string; // what is signed for one purpose is nothing for another
  clock: () => Date;
}

export function createSignedQueries({ secret, previousSecrets, purpose, clock }: SignedQueryOptions): SignedQueries {
  const keys = keyRing(secret, previousSecrets);
  if (keys.all.some(({ bytes }) => bytes.byteLength < SECRET_BYTES))
    throw badInput(`A secret for signed URLs needs ${SECRET_BYTES} bytes or more.`);

  const signature = (key: NamedKey, subject: readonly string[], parameters: Record<string, string>): Buffer => {
    // JSON of a list is unambiguous: no value can run into its neighbour.
    const text = JSON.stringify([purpose, ...subject, Object.entries(parameters).sort(byName)]);
    return createHmac('sha256', key.bytes).update(text).digest();
  };

  return {
    sign(subject, expires, parameters) {
      const query = new URLSearchParams({ expires: String(expires), ...parameters, kid: keys.current.id });
      // Signed as they will arrive: a query string replaces what is no valid Unicode.
      query.set('signature', signature(keys.current, subject, Object.fromEntries(query)).toString('base64url'));
      return query;
    },
    open(subject, query) {
      const { signature: given, ...parameters } = singleValues(query);
      const { kid, ...granted } = parameters;
      if (kid === undefined) throw refused();
      const key = keys.find(kid);
      if (!key) throw ofNoKey();
      const claimed = Buffer.from(given ?? '', 'base64url');
      const expected = signature(key, subject, parameters);
      if (claimed.byteLength !== expected.byteLength || !timingSafeEqual(claimed, expected)) throw refused();
      if (Number(granted.expires) * 1000 <= clock().getTime()) {
        throw new AppError('URL_REFUSED', 'This link has expired.', { hint: 'Ask for a new one.' });
      }
      return granted;
    },
  };
}

const refused = () =>
  new AppError('URL_REFUSED', 'This link is not valid.', { hint: 'Ask for a new one and use it unchanged.' });

const ofNoKey = () =>
  new AppError('URL_REFUSED', 'This link was signed with a key that the server does not have (any more).', {
    hint: 'Ask for a new one.',
  });

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
