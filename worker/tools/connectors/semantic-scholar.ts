/**
 * Semantic Scholar: a search over works with abstracts and open PDFs (https://api.semanticscholar.org/api-docs/graph).
 * Without a key one shares a pool with everybody and is often refused; with one it is a request a second.
 */
import { z } from 'zod';
import { formatArxivId, parseArxivId } from '../../../src/papers/arxiv-id.js';
import { normaliseDoi } from '../../../src/papers/doi.js';
import type { Clock } from './clock.js';
import { Lane } from './lane.js';
import { plainAbstract, plainLine } from './plain-line.js';
import type { PoliteHttp } from './polite-http.js';
import { readJson } from './read-json.js';
import { readPages } from './read-pages.js';
import { searchWords } from './search-words.js';
import type { SharedLanes } from './shared-lanes.js';
import type { FoundWork, SourceConnector } from './source-connector.js';

export interface SemanticScholarOptions {
  http: PoliteHttp;
  clock: Clock;
  lanes?: SharedLanes | undefined; // with other processes; none when absent
  apiUrl?: string;
  apiKey?: string;
}

export const SEMANTIC_SCHOLAR_API_URL = 'https://api.semanticscholar.org';
const SPACING_MS = 1_000; // 1 second, what a key is good for
const TIMEOUT_MS = 30_000; // 30 seconds
const MAX_PAGE_BYTES = 10_000_000; // 10 MB, the most an answer of the service has
const CACHE_MS = 24 * 60 * 60 * 1_000; // 1 day
const MAX_PAGE_SIZE = 100; // as the service allows
const MAX_WORKS = 1_000; // it refuses to go further
const FIELDS = 'title,abstract,year,authors,venue,url,externalIds,openAccessPdf';

const paper = z.object({
  title: z.string().nullish(),
  abstract: z.string().nullish(),
  year: z.number().int().nullish(),
  authors: z.array(z.object({ name: z.string().nullish() })).nullish(),
  venue: z.string().nullish(),
  url: z.string().nullish(),
  externalIds: z.object({ DOI: z.string().nullish(), ArXiv: z.string().nullish() }).nullish(),
  openAccessPdf: z.object({ url: z.string().nullish() }).nullish(),
});
/** Without a hit there is no `data`. */
const answer = z.object({ total: z.number(), next: z.number().nullish(), data: z.array(paper).nullish() });

export function createSemanticScholar(options: SemanticScholarOptions): SourceConnector {
  const { http, clock, lanes, apiUrl = SEMANTIC_SCHOLAR_API_URL, apiKey } = options;
  const lane = new Lane({ name: new URL(apiUrl).hostname, spacingMs: SPACING_MS, clock, shared: lanes });
  return {
    name: 'SEMANTIC_SCHOLAR',
    async *search(query, search) {
      const words = searchWords(query);
      if (words.length === 0) return;
      const size = Math.min(search.limit, MAX_PAGE_SIZE);
      yield* readPages(0, search, (offset) => {
        const asked = new URLSearchParams({
          query: words.join(' ').replaceAll('-', ' '), // a word with a hyphen finds nothing there
          offset: String(offset),
          limit: String(size),
          fields: FIELDS,
        });
        return http.get(
          {
            url: `${apiUrl}/graph/v1/paper/search?${asked}`,
            types: ['application/json'],
            maxBytes: MAX_PAGE_BYTES,
            timeoutMs: TIMEOUT_MS,
            lane,
            isApi: true,
            cacheMs: CACHE_MS,
            ...(apiKey && { headers: { 'x-api-key': apiKey } }),
          },
          (page) => {
            const { next, data } = readJson(page, answer, 'list of papers');
            const goesOn = typeof next === 'number' && next > offset && next + size < MAX_WORKS;
            return { works: (data ?? []).flatMap(foundWork), next: goesOn ? next : null };
          },
          search.signal,
        );
      });
    },
  };
}

function foundWork(found: z.infer<typeof paper>): FoundWork[] {
  const title = plainLine(found.title);
  if (!title) return [];
  const arxivId = parseArxivId(found.externalIds?.ArXiv ?? '');
  const doi = normaliseDoi(found.externalIds?.DOI ?? '');
  const pdf = found.openAccessPdf?.url;
  return [
    {
      facts: {
        title,
        authors: (found.authors ?? []).flatMap(({ name }) => plainLine(name) ?? []),
        year: found.year ?? null,
        doi,
        arxivId: arxivId && formatArxivId(arxivId),
        url: found.url ?? (doi && `https://doi.org/${doi}`),
        licenseUrl: null,
        notices: [], // it tells of none
      },
      venue: plainLine(found.venue),
      abstract: plainAbstract(found.abstract),
      pdfUrls: pdf && URL.canParse(pdf) ? [pdf] : [],
      foundBy: 'SEMANTIC_SCHOLAR',
    },
  ];
}
