/**
 * Crossref: what a publisher registered for a DOI (https://api.crossref.org/swagger-ui/index.html): title, authors, year,
 * licences, links to the full text, and the notices that correct or retract it, Retraction Watch's included; found by its
 * DOI or by a search over bibliographic data. Whoever gives an address to be reached at is served from the polite pool.
 */
import { z } from 'zod';
import { AppError, isAppError } from '../../../src/platform/errors.js';
import type { Clock } from './clock.js';
import { type CrossrefWork, crossrefMessage, crossrefWork } from './crossref-work.js';
import { brokenAnswer } from './fetch-failures.js';
import { Lane } from './lane.js';
import type { PoliteHttp } from './polite-http.js';
import { readJson } from './read-json.js';
import { readPages } from './read-pages.js';
import type { CachedAnswer } from './response-cache.js';
import { searchWords } from './search-words.js';
import type { SharedLanes } from './shared-lanes.js';
import type { FoundWork, SourceConnector } from './source-connector.js';

export interface Crossref extends SourceConnector {
  /** `doi` normalised. Errors: NOT_FOUND, and those of PoliteHttp.get. */
  find(doi: string, signal: AbortSignal): Promise<CrossrefWork>;
}

export interface CrossrefOptions {
  http: PoliteHttp;
  clock: Clock;
  lanes?: SharedLanes | undefined; // with other processes; none when absent
  apiUrl?: string;
  mailto?: string;
}

export const CROSSREF_API_URL = 'https://api.crossref.org';
const SPACING_MS = 100; // 0.1 seconds; the headers advertise 50 to 150 requests a second and are heeded too
const TIMEOUT_MS = 30_000; // 30 seconds
const MAX_WORK_BYTES = 10_000_000; // 10 MB: a work with thousands of references has 2 MB
const MAX_PAGE_SIZE = 20; // works; with all their references they fit into MAX_WORK_BYTES
const CACHE_MS = 24 * 60 * 60 * 1_000; // 1 day: a retraction must not go unseen for longer

const workAnswer = z.object({ message: crossrefMessage });
const listAnswer = z.object({ message: z.object({ 'total-results': z.number(), items: z.array(crossrefMessage) }) });

export function createCrossref({ http, clock, lanes, apiUrl = CROSSREF_API_URL, mailto }: CrossrefOptions): Crossref {
  const lane = new Lane({ name: new URL(apiUrl).hostname, spacingMs: SPACING_MS, clock, shared: lanes });
  const asker = mailto ? `?mailto=${encodeURIComponent(mailto)}` : '';
  return {
    name: 'CROSSREF',
    async find(doi, signal) {
      const url = `${apiUrl}/works/${encodeURIComponent(doi)}${asker}`;
      const types = ['application/json'];
      const request = {
        url,
        types,
        maxBytes: MAX_WORK_BYTES,
        timeoutMs: TIMEOUT_MS,
        lane,
        isApi: true,
        cacheMs: CACHE_MS,
      };
      try {
        return await http.get(request, readWork, signal);
      } catch (error) {
        throw isAppError(error) && error.code === 'NOT_FOUND' ? unknownDoi(doi, error) : error;
      }
    },
    async *search(query, search) {
      const words = searchWords(query);
      if (words.length === 0) return;
      const size = Math.min(search.limit, MAX_PAGE_SIZE);
      yield* readPages(0, search, (offset) => {
        const asked = new URLSearchParams({
          'query.bibliographic': words.join(' '),
          rows: String(size),
          offset: String(offset),
          ...(mailto && { mailto }),
        });
        const request = {
          url: `${apiUrl}/works?${asked}`,
          types: ['application/json'],
          maxBytes: MAX_WORK_BYTES,
          timeoutMs: TIMEOUT_MS,
          lane,
          isApi: true,
          cacheMs: CACHE_MS,
        };
        return http.get(
          request,
          (answer) => {
            const { items, 'total-results': total } = readJson(answer, listAnswer, 'list of works').message;
            const works = items.flatMap((item) => crossrefWork(item) ?? []);
            const end = offset + items.length;
            return {
              works: works.filter((work) => work.facts.title && !isNotice(work)).map(foundWork),
              next: items.length > 0 && end < total ? end : null,
            };
          },
          search.signal,
        );
      });
    },
  };
}

function readWork(answer: CachedAnswer): CrossrefWork {
  const work = crossrefWork(readJson(answer, workAnswer, 'description of a work').message);
  if (!work) throw brokenAnswer(new URL(answer.url).hostname, 'an answer that is no description of a work');
  return work;
}

/** A notice that takes another work back is no evidence of anything else. */
const isNotice = ({ facts }: CrossrefWork): boolean =>
  facts.notices.some(({ type, direction }) => direction === 'ISSUED' && !type.startsWith('new_'));

const foundWork = (work: CrossrefWork): FoundWork => {
  const { facts, venue, abstract, preprintArxivId } = work;
  return {
    facts: { ...facts, arxivId: facts.arxivId ?? preprintArxivId },
    venue,
    abstract,
    pdfUrls: work.pdfUrls,
    foundBy: 'CROSSREF',
  };
};

const unknownDoi = (doi: string, cause: AppError) =>
  new AppError('NOT_FOUND', `Crossref does not know the DOI ${doi}.`, {
    cause,
    hint: 'Check it at https://doi.org. Data sets and theses are often registered elsewhere: download the PDF and upload it.',
  });
