/**
 * OpenAlex: a search over the world's scholarly works (https://developers.openalex.org). Every search takes credits from
 * the day's allowance of the API key; when they are gone the service says when they come back, and the lane stays closed
 * until then. Abstracts come as an inverted index: word → places.
 */
import { z } from 'zod';
import { arxivIdOfDoi, formatArxivId, parseArxivId } from '../../../src/papers/arxiv-id.js';
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
import type { WorkNotice } from './work-facts.js';

export interface OpenAlexOptions {
  http: PoliteHttp;
  clock: Clock;
  lanes?: SharedLanes | undefined; // with other processes; none when absent
  apiUrl?: string;
  apiKey?: string;
  mailto?: string;
}

export const OPENALEX_API_URL = 'https://api.openalex.org';
const SPACING_MS = 200; // 0.2 seconds: 5 requests a second, the least that was ever advertised
const TIMEOUT_MS = 30_000; // 30 seconds
const MAX_PAGE_BYTES = 20_000_000; // 20 MB: 100 works with abstracts and a thousand authors each
const CACHE_MS = 24 * 60 * 60 * 1_000; // 1 day
const MAX_PAGE_SIZE = 100; // as the service allows
const MAX_ABSTRACT_WORDS = 5_000; // a place beyond that is no abstract's
const FIELDS = [
  'doi,ids,title,publication_year,authorships,primary_location,best_oa_location,locations',
  'abstract_inverted_index,is_retracted,is_paratext',
].join(',');

const location = z.object({
  is_oa: z.boolean().nullish(),
  landing_page_url: z.string().nullish(),
  pdf_url: z.string().nullish(),
  license: z.string().nullish(),
  source: z.object({ display_name: z.string().nullish() }).nullish(),
});
const work = z.object({
  doi: z.string().nullish(),
  title: z.string().nullish(),
  publication_year: z.number().int().nullish(),
  authorships: z.array(z.object({ author: z.object({ display_name: z.string().nullish() }).nullish() })).nullish(),
  primary_location: location.nullish(),
  best_oa_location: location.nullish(),
  locations: z.array(location).nullish(),
  abstract_inverted_index: z.record(z.string(), z.array(z.number())).nullish(),
  is_retracted: z.boolean().nullish(),
  is_paratext: z.boolean().nullish(), // covers, tables of contents
});
type Work = z.infer<typeof work>;
const answer = z.object({
  meta: z.object({ next_cursor: z.string().nullish() }),
  results: z.array(work),
});

export function createOpenAlex(options: OpenAlexOptions): SourceConnector {
  const { http, clock, lanes, apiUrl = OPENALEX_API_URL, apiKey, mailto } = options;
  const lane = new Lane({ name: new URL(apiUrl).hostname, spacingMs: SPACING_MS, clock, shared: lanes });
  const addressOf = (words: string[], cursor: string, size: number) =>
    `${apiUrl}/works?${new URLSearchParams({
      search: words.join(' '),
      per_page: String(size),
      cursor,
      select: FIELDS,
      ...(mailto && { mailto }),
      ...(apiKey && { api_key: apiKey }),
    })}`;
  return {
    name: 'OPENALEX',
    async *search(query, search) {
      const words = searchWords(query);
      if (words.length === 0) return;
      const size = Math.min(search.limit, MAX_PAGE_SIZE);
      yield* readPages('*', search, (cursor) =>
        http.get(
          {
            url: addressOf(words, cursor, size),
            types: ['application/json'],
            maxBytes: MAX_PAGE_BYTES,
            timeoutMs: TIMEOUT_MS,
            lane,
            isApi: true,
            cacheMs: CACHE_MS,
          },
          (page) => {
            const { meta, results } = readJson(page, answer, 'list of works');
            return { works: results.flatMap(foundWork), next: results.length > 0 ? (meta.next_cursor ?? null) : null };
          },
          search.signal,
        ),
      );
    },
  };
}

function foundWork(found: Work): FoundWork[] {
  const title = plainLine(found.title);
  if (!title || found.is_paratext) return [];
  const doi = normaliseDoi(found.doi ?? '');
  const places = [found.best_oa_location, found.primary_location, ...(found.locations ?? [])].filter((each) => !!each);
  return [
    {
      facts: {
        title,
        authors: (found.authorships ?? []).flatMap(({ author }) => plainLine(author?.display_name) ?? []),
        year: found.publication_year ?? null,
        doi,
        arxivId: arxivIdOf(doi, places),
        url: found.primary_location?.landing_page_url ?? (doi && `https://doi.org/${doi}`),
        licenseUrl: null, // it names licences, without an address
        notices: found.is_retracted ? [RETRACTED] : [],
      },
      venue: plainLine(found.primary_location?.source?.display_name),
      abstract: plainAbstract(abstractOf(found.abstract_inverted_index ?? {})),
      pdfUrls: [...new Set(places.flatMap((each) => (each.is_oa && each.pdf_url ? each.pdf_url : [])))],
      foundBy: 'OPENALEX',
    },
  ];
}

/** It says that a work is retracted, not by which notice. */
const RETRACTED: WorkNotice = { type: 'retraction', direction: 'RECEIVED', doi: null, date: null, source: 'openalex' };

function arxivIdOf(doi: string | null, places: readonly z.infer<typeof location>[]): string | null {
  const ids = [
    doi ? arxivIdOfDoi(doi) : null,
    ...places.map((each) =>
      /arxiv\.org\//i.test(each.landing_page_url ?? '') ? parseArxivId(each.landing_page_url ?? '') : null,
    ),
  ];
  const id = ids.find((each) => each !== null);
  return id ? formatArxivId(id) : null;
}

/** Words at their places; a gap stays a gap. */
export function abstractOf(index: Readonly<Record<string, readonly number[]>>): string {
  const words: string[] = [];
  for (const [word, places] of Object.entries(index))
    for (const place of places) {
      if (Number.isInteger(place) && place >= 0 && place < MAX_ABSTRACT_WORDS) words[place] = word;
    }
  return Array.from(words, (word) => word ?? '').join(' ');
}
