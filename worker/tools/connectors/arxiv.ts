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
import { childrenOf, lineOf, readXml, type XmlElement } from './read-xml.js';
import type { CachedAnswer } from './response-cache.js';
import type { WorkFacts } from './work-facts.js';

export interface ArxivPaper {
  facts: WorkFacts;
  abstract: string | null;
  affiliations: string[][]; // of each author
  comment: string | null;
  journal: string | null;
  categories: string[]; // the primary one first
  pdfUrl: string;
}

export interface Arxiv {
  readonly lane: Lane;
  readonly siteUrl: string;
  /** Errors: NOT_FOUND, and those of PoliteHttp.get. */
  find(id: ArxivId, signal: AbortSignal): Promise<ArxivPaper>;
}

export interface ArxivOptions {
  http: PoliteHttp;
  clock: Clock;
  apiUrl?: string;
  siteUrl?: string;
  spacingMs?: number; // less than the default only for a mirror of one's own
}

export const ARXIV_API_URL = 'https://export.arxiv.org';
export const ARXIV_SITE_URL = 'https://arxiv.org';
const SPACING_MS = 3_000; // 3 seconds, see above
const TIMEOUT_MS = 30_000; // 30 seconds: the API is slow on a bad day
const MAX_FEED_BYTES = 2_000_000; // 2 MB; an entry with 3,000 authors has 200 kB
const CACHE_MS = 24 * 60 * 60 * 1_000; // 1 day: the feed is renewed at midnight
const REFUSALS = new Set<unknown>([400, 404]); // how it answers to an archive that never was
const FEED_TYPES = ['application/atom+xml', 'application/xml', 'text/xml'];

export function createArxiv(options: ArxivOptions): Arxiv {
  const { http, clock, apiUrl = ARXIV_API_URL, siteUrl = ARXIV_SITE_URL, spacingMs = SPACING_MS } = options;
  const lane = new Lane({ name: new URL(siteUrl).hostname, spacingMs, clock });
  return {
    lane,
    siteUrl,
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
