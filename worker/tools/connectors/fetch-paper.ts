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
import { checkPdf, PDF_TYPES } from './check-pdf.js';
import type { CachedAnswer } from './response-cache.js';
import type { ScholarlyServices } from './scholarly-services.js';
import type { WorkFacts } from './work-facts.js';

/** `pdfUrls`: as a search found them, tried in turn; nothing else is asked about the work. */
export type PaperAddress = { arxivId: string } | { doi: string } | { pdfUrls: readonly string[]; facts: WorkFacts };

interface ListedPaper {
  name: string; // of the file, and in messages
  facts: WorkFacts;
  pdfUrls: readonly string[];
  lister: string; // who says where the PDFs are
}

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
  maxBytes?: number; // of a PDF
  timeoutMs?: number; // of a PDF
}

const MAX_PDF_BYTES = 50_000_000; // 50 MB, as for uploads
const PDF_TIMEOUT_MS = 120_000; // 2 minutes: 50 MB at 3.3 Mbit/s
const MAX_LINKS = 3; // tried for one DOI; publishers list the same file several times
const MAX_NAME_CHARS = 120; // of a file name
const TELLING = new Set<ErrorCode>(['QUOTA_EXCEEDED', 'UNREADABLE_DOCUMENT']); // it is open, and yet cannot be had
const UPLOAD_IT = 'Download the PDF in a browser and upload it.';

export function createPaperFetcher(services: ScholarlyServices, options: PaperFetcherOptions = {}): PaperFetcher {
  const { http, arxiv, crossref, hosts } = services;

  const fetchPdf = (url: string, signal: AbortSignal): Promise<Buffer> => {
    const { maxBytes = MAX_PDF_BYTES, timeoutMs = PDF_TIMEOUT_MS } = options;
    const read = ({ bytes, url: end }: CachedAnswer) => {
      checkPdf(bytes, new URL(end).hostname);
      return bytes;
    };
    return http.get({ url, types: PDF_TYPES, maxBytes, timeoutMs, lane: hosts.of(url) }, read, signal);
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
    return fromLinks({ name: doi, facts, pdfUrls, lister: 'Crossref' }, hint, signal);
  };

  const fromLinks = async (listed: ListedPaper, hint: string, signal: AbortSignal): Promise<FetchedPaper> => {
    const failures: AppError[] = [];
    for (const url of listed.pdfUrls.slice(0, MAX_LINKS)) {
      try {
        return paperOf(await fetchPdf(url, signal), listed.name, listed.facts);
      } catch (error) {
        if (signal.aborted || !isAppError(error)) throw error;
        failures.push(error);
      }
    }
    const telling = failures.find(({ retryable, code }) => retryable || TELLING.has(code));
    throw telling ? withHint(telling, hint) : noOpenPdf(listed, failures, hint);
  };

  return {
    fetch(address, { signal }) {
      if ('pdfUrls' in address) {
        const { facts, pdfUrls } = address;
        const name = facts.doi ?? facts.arxivId ?? facts.title ?? 'paper';
        return fromLinks({ name, facts, pdfUrls, lister: 'The search' }, UPLOAD_IT, signal);
      }
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

function noOpenPdf({ name, lister }: ListedPaper, failures: AppError[], hint: string): AppError {
  const why = failures.length > 0 ? failures.map(({ message }) => message).join(' ') : `${lister} lists none.`;
  return new AppError('NOT_FOUND', `No PDF of ${name} is open to everybody. ${why}`, {
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
