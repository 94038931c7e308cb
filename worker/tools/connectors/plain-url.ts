/**
 * Addresses that stand in the question itself. A PDF is a work of its own; a page is one when it says so in the tags by
 * which publishers describe papers to search engines (`citation_title` and its kin, or Dublin Core's), and its PDF is the
 * one it names. Running text of a page is not taken: it is not known what of it is the work.
 */
import { formatArxivId, parseArxivId } from '../../../src/papers/arxiv-id.js';
import { normaliseDoi } from '../../../src/papers/doi.js';
import { AppError, isAppError } from '../../../src/platform/errors.js';
import { checkPdf, PDF_TYPES } from './check-pdf.js';
import type { HostLanes } from './host-lanes.js';
import { plainAbstract, plainLine } from './plain-line.js';
import type { PoliteHttp } from './polite-http.js';
import { decodeEntities } from './read-xml.js';
import type { CachedAnswer } from './response-cache.js';
import type { FoundWork, SourceConnector } from './source-connector.js';

export interface PlainUrlOptions {
  http: PoliteHttp;
  hosts: Pick<HostLanes, 'of'>;
  maxBytes: number;
  timeoutMs: number;
}

const MAX_ADDRESSES = 10; // of one question
const ADDRESS = /\bhttps?:\/\/[^\s<>"'`{}|\\^]+/giu;
const AFTER_ADDRESS = /[.,;:!?)\]]+$/; // of the sentence it stands in
const PAGE_TYPES = ['text/html', 'application/xhtml+xml'];
const META = /<meta\b((?:[^<>"']|"[^"]*"|'[^']*')*)>/gi;
const ATTRIBUTE = /([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;

/** In the order in which they stand, each once. */
export const addressesIn = (text: string): string[] =>
  [...new Set([...text.matchAll(ADDRESS)].map(([address]) => address.replace(AFTER_ADDRESS, '')))]
    .filter((address) => URL.canParse(address))
    .slice(0, MAX_ADDRESSES);

/**
 * One that fails does not keep the others from being yielded: the first failure is thrown after them. UNSUPPORTED_MEDIA_TYPE for a page that
 * describes no paper.
 */
export function createPlainUrl({ http, hosts, maxBytes, timeoutMs }: PlainUrlOptions): SourceConnector {
  return {
    name: 'URL',
    async *search(query, { limit, signal }) {
      let failure: unknown = null;
      for (const url of addressesIn(query).slice(0, limit)) {
        const types = [...PDF_TYPES, ...PAGE_TYPES];
        try {
          yield await http.get({ url, types, maxBytes, timeoutMs, lane: hosts.of(url) }, readWork, signal);
        } catch (error) {
          signal.throwIfAborted();
          if (!isAppError(error)) throw error;
          failure ??= error;
        }
      }
      if (failure) throw failure;
    },
  };
}

function readWork(answer: CachedAnswer): FoundWork {
  if (PAGE_TYPES.includes(answer.mediaType)) return workOfPage(answer);
  const { hostname, pathname } = new URL(answer.url);
  checkPdf(answer.bytes, hostname);
  const arxivId = parseArxivId(answer.url);
  const title = decodeURIComponentOrNull(pathname.split('/').at(-1) ?? '') || hostname;
  return {
    facts: {
      title,
      authors: [],
      year: null,
      doi: null,
      arxivId: arxivId && formatArxivId(arxivId),
      url: answer.url,
      licenseUrl: null,
      notices: [],
    },
    venue: null,
    abstract: null,
    pdfUrls: [answer.url],
    foundBy: 'URL',
  };
}

function workOfPage(answer: CachedAnswer): FoundWork {
  const tags = metaTags(answer.bytes.toString(answer.charset === 'iso-8859-1' ? 'latin1' : 'utf8'));
  const first = (...names: string[]) => names.flatMap((name) => tags.get(name) ?? []).find(Boolean) ?? null;
  const title = plainLine(first('citation_title', 'dc.title'));
  if (!title) throw noPaper(new URL(answer.url).hostname);
  const year = Number(
    /\b(1\d{3}|2\d{3})\b/.exec(first('citation_publication_date', 'citation_date', 'dc.date') ?? '')?.[1],
  );
  const arxivId = parseArxivId(first('citation_arxiv_id') ?? '');
  const pdf = first('citation_pdf_url');
  return {
    facts: {
      title,
      authors: (tags.get('citation_author') ?? tags.get('dc.creator') ?? []).flatMap((name) => givenFirst(name) ?? []),
      year: year || null,
      doi: normaliseDoi(first('citation_doi', 'dc.identifier') ?? ''),
      arxivId: arxivId && formatArxivId(arxivId),
      url: answer.url,
      licenseUrl: null,
      notices: [],
    },
    venue: plainLine(first('citation_journal_title', 'citation_conference_title')),
    abstract: plainAbstract(first('citation_abstract', 'dc.description')),
    pdfUrls: pdf && URL.canParse(pdf, answer.url) ? [new URL(pdf, answer.url).href] : [],
    foundBy: 'URL',
  };
}

/** The contents of all tags of a name, in order; names in lower case. */
function metaTags(html: string): Map<string, string[]> {
  const tags = new Map<string, string[]>();
  for (const [, source = ''] of html.matchAll(META)) {
    const attributes = new Map(
      [...source.matchAll(ATTRIBUTE)].map(([, name = '', ...values]) => [
        name.toLowerCase(),
        decodeEntities(values.find((value) => value !== undefined) ?? '').trim(),
      ]),
    );
    const name = (attributes.get('name') ?? attributes.get('property') ?? '').toLowerCase();
    const content = attributes.get('content');
    if (name && content) tags.set(name, [...(tags.get(name) ?? []), content]);
  }
  return tags;
}

/** "Ruiz, Ana" → "Ana Ruiz". */
const givenFirst = (name: string): string | null => plainLine(name.replace(/^([^,]+),\s*([^,]+)$/, '$2 $1'));

function decodeURIComponentOrNull(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

const noPaper = (host: string) =>
  new AppError('UNSUPPORTED_MEDIA_TYPE', `${host} answered with a page that does not describe a paper.`, {
    hint: 'Give the address of the PDF, or download the paper and upload it.',
    details: { host },
  });
