/**
 * An arXiv id or a DOI → the bytes of the paper and what the services say about it. An id of arXiv, or a DOI that arXiv
 * registered, is fetched there; any other DOI is looked up in Crossref, and the PDFs it lists are tried in turn as anybody
 * without a subscription would.
 *
 * Fails as fetch-failures.ts tells, and with NOT_FOUND where no paper or no PDF that opens for everybody is known. Hints
 * say that the PDF can be uploaded instead.
 */
import { type ArxivId, arxivIdOfDoi, parseArxivId } from '../../../src/papers/arxiv-id.js';
import { normaliseDoi } from '../../../src/papers/doi.js';
import { AppError, badInput, type ErrorCode, isAppError } from '../../../src/platform/errors.js';
import { VERSION } from '../../../src/version.js';
import { createArxiv } from './arxiv.js';
import { checkPdf, PDF_TYPES } from './check-pdf.js';
import { type Clock, systemClock } from './clock.js';
import { createCrossref } from './crossref.js';
import { HostLanes } from './host-lanes.js';
import { createPoliteHttp } from './polite-http.js';
import { type CachedAnswer, noResponseCache, type ResponseCache } from './response-cache.js';
import { createSafeFetch } from './safe-fetch.js';
import type { WorkFacts } from './work-facts.js';

export type PaperAddress = { arxivId: string } | { doi: string };

export interface FetchedPaper {
  bytes: Buffer;
  mediaType: string; // application/pdf
  fileName: string;
  facts: WorkFacts;
}

export interface PaperFetcher {
  /**
   * Errors: BAD_INPUT (no id), NOT_FOUND (no such paper, or no open PDF of it), UNSUPPORTED_MEDIA_TYPE (a page in place of
   * the PDF), UNREADABLE_DOCUMENT (it breaks off), QUOTA_EXCEEDED (too large), UNAVAILABLE; the signal's reason.
   */
  fetch(address: PaperAddress, options: { signal: AbortSignal }): Promise<FetchedPaper>;
}

export interface PaperFetcherOptions {
  /** Where the services can reach whoever runs this; sent with each request. */
  mailto?: string;
  arxivApiUrl?: string;
  arxivUrl?: string;
  crossrefUrl?: string;
  /** `host:port` of what may be private: the three above, if they are mirrors of one's own. Nothing else belongs here. */
  allow?: readonly string[];
  maxBytes?: number; // of a PDF
  timeoutMs?: number; // of a PDF
  arxivSpacingMs?: number; // less than 3 seconds only for a mirror of one's own
  cache?: ResponseCache;
  clock?: Clock;
  random?: () => number;
}

const MAX_PDF_BYTES = 50_000_000; // 50 MB, as for uploads
const PDF_TIMEOUT_MS = 120_000; // 2 minutes: 50 MB at 3.3 Mbit/s
const MAX_LINKS = 3; // tried for one DOI; publishers list the same file several times
const MAX_NAME_CHARS = 120; // of a file name
const TELLING = new Set<ErrorCode>(['QUOTA_EXCEEDED', 'UNREADABLE_DOCUMENT']); // it is open, and yet cannot be had
const UPLOAD_IT = 'Download the PDF in a browser and upload it.';

/** How the product names itself to the services it asks. */
export const userAgentOf = (mailto: string | undefined): string =>
  `Paperwright/${VERSION}${mailto ? ` (mailto:${mailto})` : ''}`;

export function createPaperFetcher(options: PaperFetcherOptions = {}): PaperFetcher {
  const { mailto, clock = systemClock, random = Math.random, cache = noResponseCache } = options;
  const fetch = createSafeFetch({ userAgent: userAgentOf(mailto), allow: options.allow ?? [] });
  const http = createPoliteHttp({ fetch, cache, clock, random });
  const arxiv = createArxiv({
    http,
    clock,
    apiUrl: options.arxivApiUrl,
    siteUrl: options.arxivUrl,
    spacingMs: options.arxivSpacingMs,
  });
  const crossref = createCrossref({ http, clock, apiUrl: options.crossrefUrl, mailto });
  const hosts = new HostLanes(clock);

  const laneOf = (url: string) => (new URL(url).host === new URL(arxiv.siteUrl).host ? arxiv.lane : hosts.of(url));

  const fetchPdf = (url: string, signal: AbortSignal): Promise<Buffer> => {
    const { maxBytes = MAX_PDF_BYTES, timeoutMs = PDF_TIMEOUT_MS } = options;
    const read = ({ bytes, url: end }: CachedAnswer) => {
      checkPdf(bytes, new URL(end).hostname);
      return bytes;
    };
    return http.get({ url, types: PDF_TYPES, maxBytes, timeoutMs, lane: laneOf(url) }, read, signal);
  };

  const fromArxiv = async (id: ArxivId, doi: string | null, signal: AbortSignal): Promise<FetchedPaper> => {
    const { facts, pdfUrl } = await arxiv.find(id, signal);
    const bytes = await fetchPdf(pdfUrl, signal).catch((error) => {
      throw withHint(error, UPLOAD_IT);
    });
    return paperOf(bytes, `arxiv-${facts.arxivId}`, { ...facts, doi: facts.doi ?? doi });
  };

  const fromPublisher = async (doi: string, signal: AbortSignal): Promise<FetchedPaper> => {
    const { facts, pdfUrls, preprintArxivId } = await crossref.find(doi, signal);
    const hint = preprintArxivId ? `${UPLOAD_IT} Or take its preprint, arXiv:${preprintArxivId}.` : UPLOAD_IT;
    const failures: AppError[] = [];
    for (const url of pdfUrls.slice(0, MAX_LINKS)) {
      try {
        return paperOf(await fetchPdf(url, signal), doi, facts);
      } catch (error) {
        if (signal.aborted || !isAppError(error)) throw error;
        failures.push(error);
      }
    }
    const telling = failures.find(({ retryable, code }) => retryable || TELLING.has(code));
    throw telling ? withHint(telling, hint) : noOpenPdf(doi, failures, hint);
  };

  return {
    fetch(address, { signal }) {
      if ('arxivId' in address) {
        const id = parseArxivId(address.arxivId);
        if (!id)
          return Promise.reject(badInput('`arxivId` is no arXiv id. One looks like 1707.08567.', { field: 'arxivId' }));
        return fromArxiv(id, null, signal);
      }
      const doi = normaliseDoi(address.doi);
      if (!doi) return Promise.reject(badInput('`doi` is no DOI. One looks like 10.1000/182.', { field: 'doi' }));
      const id = arxivIdOfDoi(doi);
      return id ? fromArxiv(id, doi, signal) : fromPublisher(doi, signal);
    },
  };
}

const paperOf = (bytes: Buffer, name: string, facts: WorkFacts): FetchedPaper => ({
  bytes,
  mediaType: 'application/pdf',
  fileName: `${name.replace(/[^\p{L}\p{N}.-]+/gu, '-').slice(0, MAX_NAME_CHARS)}.pdf`,
  facts,
});

function noOpenPdf(doi: string, failures: AppError[], hint: string): AppError {
  const why = failures.length > 0 ? failures.map(({ message }) => message).join(' ') : 'Crossref lists none.';
  return new AppError('NOT_FOUND', `No PDF of ${doi} is open to everybody. ${why}`, {
    hint,
    ...(failures.length > 0 ? { cause: failures.at(-1) } : {}),
  });
}

const withHint = (error: unknown, hint: string): unknown =>
  isAppError(error)
    ? new AppError(error.code, error.message, {
        retryable: error.retryable,
        details: error.details,
        cause: error,
        hint,
      })
    : error;
