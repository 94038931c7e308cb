/**
 * Fetches a public address for a run, on behalf of people who may not see this machine's network: http and https only,
 * public addresses only (checked at each connection, so after each redirect too), a limit on redirects, on time and on
 * bytes, and a closed list of media types. Nothing of the product is sent along but its name; what a caller adds
 * (`headers`: a key) stays with the origin it was meant for.
 *
 * `allow` names hosts with their ports that may be private: a service the operator runs, a test's server. A redirect from
 * anywhere else does not reach them.
 *
 * Fails as fetch-failures.ts tells; an aborted call rejects with the signal's reason.
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { badInput, isAppError } from '../../../src/platform/errors.js';
import {
  badStatus,
  brokenAnswer,
  forbiddenScheme,
  strangeAnswer,
  tooManyRedirects,
  tooSlow,
  unreachable,
  wrongType,
} from './fetch-failures.js';
import { parseContentType } from './media-type.js';
import { type OpenRequest, openResponse, type ResolveHost, resolveBySystem } from './open-response.js';
import { readRateAdvice } from './rate-limit-headers.js';
import { ACCEPTED_ENCODINGS, readBody } from './read-body.js';

export interface SafeFetchOptions {
  /** Who asks, with a way to reach them: see userAgentOf. */
  userAgent: string;
  /** `host:port`, exact, or an origin. */
  allow?: readonly string[];
  resolve?: ResolveHost;
}

export interface FetchRequest {
  url: string;
  /** Media types that are taken, the wanted one first. */
  types: readonly string[];
  /** Asked of an API: another type than that of its answers is a fault of the service, which may pass. */
  isApi?: boolean;
  maxBytes: number; // decoded
  timeoutMs: number; // for everything, redirects included
  headers?: Readonly<Record<string, string>>;
}

export interface FetchedAnswer {
  url: string; // where the redirects ended
  mediaType: string; // one of `types`
  charset: string | null;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
}

export type SafeFetch = (request: FetchRequest, signal: AbortSignal) => Promise<FetchedAnswer>;

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export function createSafeFetch({ userAgent, allow = [], resolve = resolveBySystem }: SafeFetchOptions): SafeFetch {
  const named = new Set(allow.map(hostAndPort));
  const isNamed = (url: URL) => named.has(hostAndPort(url.origin));

  return (request, signal) =>
    withDeadline(request, signal, async (limited) => {
      let url = parseUrl(request.url);
      let own = request.headers;
      let trusted = isNamed(url);
      for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
        const headers = {
          ...own,
          accept: request.types.filter(Boolean).join(', '),
          'accept-encoding': ACCEPTED_ENCODINGS,
          'user-agent': userAgent,
        };
        const response = await openOrExplain(url, { headers, trusted, signal: limited, resolve });
        const target = redirectTarget(response, url);
        if (!target) return await takeAnswer(response, url, request);
        response.destroy();
        if (target.origin !== url.origin) own = {};
        trusted &&= isNamed(target);
        url = target;
      }
      throw tooManyRedirects(url.hostname, MAX_REDIRECTS);
    });
}

async function takeAnswer(response: IncomingMessage, url: URL, request: FetchRequest): Promise<FetchedAnswer> {
  const { headers, statusCode: status = 0 } = response;
  const { mediaType, charset } = parseContentType(headers['content-type']);
  try {
    if (status !== 200) {
      const { pauseMs } = readRateAdvice(headers, { refused: true, now: Date.now() });
      throw badStatus(url.hostname, status, pauseMs);
    }
    if (!request.types.includes(mediaType)) {
      const { hostname } = url;
      throw request.isApi ? strangeAnswer(hostname, mediaType) : wrongType(hostname, mediaType, request.types);
    }
    const bytes = await readBody(response, url.hostname, request.maxBytes);
    return { url: url.href, mediaType, charset, headers, bytes };
  } finally {
    response.destroy();
  }
}

async function openOrExplain(url: URL, request: OpenRequest): Promise<IncomingMessage> {
  try {
    return await openResponse(url, request);
  } catch (error) {
    throw isAppError(error) ? error : unreachable(url.hostname, error);
  }
}

/** Null when the answer is no redirect. A password in the target is left out. */
function redirectTarget(response: IncomingMessage, from: URL): URL | null {
  if (!REDIRECTS.has(response.statusCode ?? 0)) return null;
  const { location } = response.headers;
  if (location === undefined || !URL.canParse(location, from.href))
    throw brokenAnswer(from.hostname, 'a redirect to nowhere');
  const target = new URL(location, from);
  target.username = '';
  target.password = '';
  if (!isHttp(target)) throw forbiddenScheme();
  return target;
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !isHttp(url) || url.username || url.password) throw forbiddenScheme();
  return url;
}

const isHttp = ({ protocol }: URL): boolean => protocol === 'http:' || protocol === 'https:';

function hostAndPort(named: string): string {
  const text = named.includes('://') ? named : `http://${named}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url?.hostname || (!named.includes('://') && !/:\d+$/.test(named)))
    throw badInput(`"${named}" is no host with its port, as in 127.0.0.1:8070.`);
  return `${url.hostname}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`;
}

/** Whatever fails once the time is up, or the caller has stopped, failed because of that. */
async function withDeadline<T>(
  { url, timeoutMs }: FetchRequest,
  signal: AbortSignal,
  work: (limited: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const limit = new AbortController();
  const stop = () => limit.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(() => limit.abort(tooSlow(parseUrl(url).hostname, timeoutMs)), timeoutMs);
  try {
    return await work(limit.signal);
  } catch (error) {
    limit.signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
