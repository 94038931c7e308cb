/**
 * arXiv: a paper's facts from its Atom API (https://info.arxiv.org/help/api/user-manual.html), its PDF from its site. One
 * request at a time and three seconds between them, over both, as https://info.arxiv.org/help/api/tou.html asks.
 */
import { type ArxivId, formatArxivId, parseArxivId } from '../../../src/papers/arxiv-id.js';
import { normaliseDoi } from '../../../src/papers/doi.js';
import { AppError, isAppError } from '../../../src/platform/errors.js';
import type { Clock } from './clock.js';
import { brokenAnswer } from './fetch-failures.js';
import { Lane } from './lane.js';
import type { PoliteHttp } from './polite-http.js';
import { type AnswerPage, readPages } from './read-pages.js';
import { childrenOf, lineOf, readXml, type XmlElement } from './read-xml.js';
import type { CachedAnswer } from './response-cache.js';
import { searchWords } from './search-words.js';
import type { SharedLanes } from './shared-lanes.js';
import type { FoundWork, SearchOptions, SourceConnector } from './source-connector.js';
import type { WorkFacts, WorkNotice } from './work-facts.js';

export interface ArxivPaper {
  facts: WorkFacts;
  abstract: string | null;
  affiliations: string[][]; // of each author
  comment: string | null;
  journal: string | null;
  categories: string[]; // the primary one first
  pdfUrl: string;
}

export interface Arxiv extends SourceConnector {
  readonly lane: Lane;
  readonly siteUrl: string;
  /** Errors: NOT_FOUND, and those of PoliteHttp.get. */
  find(id: ArxivId, signal: AbortSignal): Promise<ArxivPaper>;
}

export interface ArxivOptions {
  http: PoliteHttp;
  clock: Clock;
  lanes?: SharedLanes | undefined; // with other processes; none when absent
  apiUrl?: string;
  siteUrl?: string;
  spacingMs?: number; // less than the default only for a mirror of one's own
  pageSize?: number; // of a search
}

export const ARXIV_API_URL = 'https://export.arxiv.org';
export const ARXIV_SITE_URL = 'https://arxiv.org';
const SPACING_MS = 3_000; // 3 seconds, see above
const TIMEOUT_MS = 30_000; // 30 seconds: the API is slow on a bad day
const MAX_FEED_BYTES = 2_000_000; // 2 MB; an entry with 3,000 authors has 200 kB
const CACHE_MS = 24 * 60 * 60 * 1_000; // 1 day: the feed is renewed at midnight
const PAGE_SIZE = 50; // works; the manual asks for slices
const MAX_WORDS = 10; // of a question: with more the service is slow
const REFUSALS = new Set<unknown>([400, 404]); // how it answers to an archive that never was
const FEED_TYPES = ['application/atom+xml', 'application/xml', 'text/xml'];

export function createArxiv(options: ArxivOptions): Arxiv {
  const { http, clock, lanes, apiUrl = ARXIV_API_URL, siteUrl = ARXIV_SITE_URL, spacingMs = SPACING_MS } = options;
  const { pageSize = PAGE_SIZE } = options;
  const lane = new Lane({ name: new URL(siteUrl).hostname, spacingMs, clock, shared: lanes });
  const searchPages = (words: readonly string[], joint: 'AND' | 'OR', search: SearchOptions) =>
    readPages(0, search, (start) => {
      const asked = new URLSearchParams({
        search_query: words.map((word) => `all:${word}`).join(` ${joint} `),
        start: String(start),
        max_results: String(Math.min(search.limit, pageSize)),
        sortBy: 'relevance',
      });
      const request = {
        url: `${apiUrl}/api/query?${asked}`,
        types: FEED_TYPES,
        maxBytes: MAX_FEED_BYTES,
        timeoutMs: TIMEOUT_MS,
        lane,
        isApi: true,
        cacheMs: CACHE_MS,
      };
      return http.get(request, (answer) => readPage(answer, start, siteUrl), search.signal);
    });
  return {
    name: 'ARXIV',
    lane,
    siteUrl,
    async *search(query, search) {
      const words = searchWords(query).slice(0, MAX_WORDS).map(bareWord).filter(Boolean);
      if (words.length === 0) return;
      let found = 0;
      for await (const work of searchPages(words, 'AND', search)) {
        found++;
        yield work;
      }
      // a question has words that no abstract has; the service ranks works with more of them first
      if (found === 0 && words.length > 1) yield* searchPages(words, 'OR', search);
    },
    async find(id, signal) {
      const url = `${apiUrl}/api/query?id_list=${encodeURIComponent(formatArxivId(id)).replaceAll('%2F', '/')}&max_results=1`;
      const request = {
        url,
        types: FEED_TYPES,
        maxBytes: MAX_FEED_BYTES,
        timeoutMs: TIMEOUT_MS,
        lane,
        isApi: true,
        cacheMs: CACHE_MS,
      };
      try {
        return await http.get(request, (answer) => readFeed(answer, id, siteUrl), signal);
      } catch (error) {
        throw isAppError(error) && REFUSALS.has(error.details.status) ? unknownPaper(id, error) : error;
      }
    },
  };
}

function readFeed(answer: CachedAnswer, asked: ArxivId, siteUrl: string): ArxivPaper {
  const host = new URL(answer.url).hostname;
  const feed = parseFeed(answer, host);
  const entry = childrenOf(feed, 'entry')[0];
  const id = entry && parseArxivId(lineOf(entry, 'id') ?? '');
  // an unknown id gives no entry, one that only says "Error", or one without a title; all with status 200
  if (!entry || !id || !isSamePaper(id, asked) || !lineOf(entry, 'title')) throw unknownPaper(asked);
  return readEntry(entry, id, siteUrl);
}

/**
 * Now and then the service answers a page without entries in the midst of a list: that passes, so it is asked again.
 * An entry without an id of arXiv is how it reports an error.
 */
function readPage(answer: CachedAnswer, start: number, siteUrl: string): AnswerPage<number> {
  const host = new URL(answer.url).hostname;
  const feed = parseFeed(answer, host);
  const total = Number(lineOf(feed, 'opensearch:totalResults'));
  const entries = childrenOf(feed, 'entry');
  if (entries.length === 0 && start < total) throw brokenAnswer(host, 'a page without the works it announces');
  const works = entries.flatMap((entry): FoundWork[] => {
    const id = parseArxivId(lineOf(entry, 'id') ?? '');
    if (!id || !lineOf(entry, 'title')) return [];
    const { facts, abstract, journal, comment, pdfUrl } = readEntry(entry, id, siteUrl);
    const notices = WITHDRAWN.test(comment ?? '') ? [withdrawn] : [];
    return [{ facts: { ...facts, notices }, venue: journal, abstract, pdfUrls: [pdfUrl], foundBy: 'ARXIV' }];
  });
  const end = start + entries.length;
  return { works, next: entries.length > 0 && end < total ? end : null };
}

/** Its API has no field for it: the comment says it, at its beginning. */
const WITHDRAWN = /^(?:this (?:paper|article|submission|manuscript|work) (?:has been|is|was) )?withdrawn\b/i;
const withdrawn: WorkNotice = { type: 'withdrawal', direction: 'RECEIVED', doi: null, date: null, source: 'arxiv' };

/** What has a meaning in its query language is left out. */
const bareWord = (word: string): string =>
  /^(?:and|or|andnot)$/i.test(word)
    ? ''
    : word
        .replace(/[^\p{L}\p{N}]+/gu, ' ')
        .trim()
        .replace(/^.* .*$/, '"$&"');

const isSamePaper = (found: ArxivId, asked: ArxivId): boolean =>
  found.id === asked.id && (asked.version === null || found.version === asked.version);

function parseFeed(answer: CachedAnswer, host: string): XmlElement {
  try {
    const feed = readXml(answer.bytes.toString('utf8'));
    if (feed.name === 'feed') return feed;
  } catch (error) {
    throw brokenAnswer(host, 'a feed that is damaged or cut short', error);
  }
  throw brokenAnswer(host, 'XML that is no Atom feed');
}

function readEntry(entry: XmlElement, id: ArxivId, siteUrl: string): ArxivPaper {
  const arxivId = formatArxivId(id);
  const authors = childrenOf(entry, 'author').filter((author) => lineOf(author, 'name'));
  const primary = childrenOf(entry, 'arxiv:primary_category');
  const terms = [...primary, ...childrenOf(entry, 'category')].map(({ attributes }) => attributes.term ?? '');
  const year = Number(/^\d{4}/.exec(lineOf(entry, 'published') ?? '')?.[0]);
  return {
    facts: {
      title: lineOf(entry, 'title'),
      authors: authors.map((author) => lineOf(author, 'name') ?? ''),
      year: year || null,
      doi: normaliseDoi(lineOf(entry, 'arxiv:doi') ?? ''),
      arxivId,
      url: `${siteUrl}/abs/${arxivId}`,
      licenseUrl: null, // the API does not tell it
      notices: [],
    },
    affiliations: authors.map((author) =>
      childrenOf(author, 'arxiv:affiliation').map(({ text }) => text.replace(/\s+/g, ' ').trim()),
    ),
    abstract: lineOf(entry, 'summary'),
    comment: lineOf(entry, 'arxiv:comment'),
    journal: lineOf(entry, 'arxiv:journal_ref'),
    categories: [...new Set(terms.filter(Boolean))],
    pdfUrl: `${siteUrl}/pdf/${arxivId}`,
  };
}

const unknownPaper = (id: ArxivId, cause?: unknown) =>
  new AppError('NOT_FOUND', `arXiv has no paper ${formatArxivId(id)}.`, {
    ...(cause === undefined ? {} : { cause }),
    hint: 'Check the id: it stands at the left margin of the first page, and in the address of the paper’s page.',
  });
