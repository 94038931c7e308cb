/**
 * Crossref: what a publisher registered for a DOI (https://api.crossref.org/swagger-ui/index.html): title, authors, year,
 * licences, links to the full text, and the notices that correct or retract it, Retraction Watch's included. Whoever gives
 * an address to be reached at is served from the polite pool.
 */
import { z } from 'zod';
import { arxivIdOfDoi, formatArxivId, parseArxivId } from '../../../src/papers/arxiv-id.js';
import { normaliseDoi } from '../../../src/papers/doi.js';
import { AppError, isAppError } from '../../../src/platform/errors.js';
import type { Clock } from './clock.js';
import { brokenAnswer } from './fetch-failures.js';
import { Lane } from './lane.js';
import type { PoliteHttp } from './polite-http.js';
import { decodeEntities } from './read-xml.js';
import type { CachedAnswer } from './response-cache.js';
import type { WorkFacts, WorkNotice } from './work-facts.js';

export interface CrossrefWork {
  facts: WorkFacts;
  subtitle: string | null;
  type: string | null; // journal-article, posted-content …
  venue: string | null;
  /** PDFs that a reader may be sent to, each once; that they open for everybody is not said. */
  pdfUrls: string[];
  /** A preprint of it on arXiv. */
  preprintArxivId: string | null;
}

export interface Crossref {
  /** `doi` normalised. Errors: NOT_FOUND, and those of PoliteHttp.get. */
  find(doi: string, signal: AbortSignal): Promise<CrossrefWork>;
}

export interface CrossrefOptions {
  http: PoliteHttp;
  clock: Clock;
  apiUrl?: string;
  mailto?: string;
}

export const CROSSREF_API_URL = 'https://api.crossref.org';
const SPACING_MS = 100; // 0.1 seconds; the headers advertise 50 to 150 requests a second and are heeded too
const TIMEOUT_MS = 30_000; // 30 seconds
const MAX_WORK_BYTES = 10_000_000; // 10 MB: a work with thousands of references has 2 MB
const CACHE_MS = 24 * 60 * 60 * 1_000; // 1 day: a retraction must not go unseen for longer

const dateParts = z.object({ 'date-parts': z.array(z.array(z.number().nullable())) }).nullish();
const texts = z.array(z.string()).nullish();
const update = z.object({
  DOI: z.string().nullish(),
  type: z.string().nullish(),
  source: z.string().nullish(),
  updated: dateParts,
});
const message = z.object({
  DOI: z.string(),
  type: z.string().nullish(),
  title: texts,
  subtitle: texts,
  'container-title': texts,
  author: z
    .array(
      z.object({
        given: z.string().nullish(),
        family: z.string().nullish(),
        suffix: z.string().nullish(),
        name: z.string().nullish(),
      }),
    )
    .nullish(),
  issued: dateParts,
  published: dateParts,
  link: z
    .array(
      z.object({
        URL: z.string(),
        'content-type': z.string().nullish(),
        'intended-application': z.string().nullish(),
      }),
    )
    .nullish(),
  license: z.array(z.object({ URL: z.string(), 'content-version': z.string().nullish() })).nullish(),
  'update-to': z.array(update).nullish(),
  'updated-by': z.array(update).nullish(),
  relation: z.record(z.string(), z.array(z.object({ id: z.string().nullish() }))).nullish(),
  resource: z.object({ primary: z.object({ URL: z.string().nullish() }).nullish() }).nullish(),
});
type Message = z.infer<typeof message>;
const workAnswer = z.object({ message });

export function createCrossref({ http, clock, apiUrl = CROSSREF_API_URL, mailto }: CrossrefOptions): Crossref {
  const lane = new Lane({ name: new URL(apiUrl).hostname, spacingMs: SPACING_MS, clock });
  const asker = mailto ? `?mailto=${encodeURIComponent(mailto)}` : '';
  return {
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
  };
}

function readWork(answer: CachedAnswer): CrossrefWork {
  const host = new URL(answer.url).hostname;
  let json: unknown;
  try {
    json = JSON.parse(answer.bytes.toString('utf8'));
  } catch (error) {
    throw brokenAnswer(host, 'JSON that is damaged or cut short', error);
  }
  const parsed = workAnswer.safeParse(json);
  const doi = normaliseDoi(parsed.data?.message.DOI ?? '');
  if (!parsed.success || doi === null) throw brokenAnswer(host, 'an answer that describes no work', parsed.error);
  return workOf(doi, parsed.data.message);
}

function workOf(doi: string, work: Message): CrossrefWork {
  return {
    facts: {
      title: plainLine(work.title?.[0]),
      authors: (work.author ?? []).map(authorName).filter((name) => name !== ''),
      year: work.issued?.['date-parts'][0]?.[0] ?? work.published?.['date-parts'][0]?.[0] ?? null,
      doi,
      arxivId: null,
      url: work.resource?.primary?.URL ?? `https://doi.org/${doi}`,
      licenseUrl: licenseOf(work),
      notices: [
        ...(work['updated-by'] ?? []).map((each) => noticeOf(each, 'RECEIVED')),
        ...(work['update-to'] ?? []).map((each) => noticeOf(each, 'ISSUED')),
      ],
    },
    subtitle: plainLine(work.subtitle?.[0]),
    type: work.type ?? null,
    venue: plainLine(work['container-title']?.[0]),
    pdfUrls: pdfUrlsOf(work),
    preprintArxivId: arxivPreprintOf(work),
  };
}

/** Titles come with markup (JATS, MathML), entities and line breaks. */
function plainLine(text: string | undefined): string | null {
  const plain = decodeEntities((text ?? '').replace(/<\/?[a-z][^<>]*>/gi, ''))
    .replace(/\s+/g, ' ')
    .trim();
  return plain === '' ? null : plain;
}

const authorName = ({ given, family, suffix, name }: NonNullable<Message['author']>[number]): string =>
  plainLine(name ?? [given, family, suffix].filter(Boolean).join(' ')) ?? '';

/** That of the version of record first: a text-mining licence is for machines, not for the copy. */
function licenseOf({ license }: Message): string | null {
  const all = license ?? [];
  return (
    (all.find((each) => each['content-version'] === 'vor') ?? all.find((each) => each['content-version'] !== 'tdm'))
      ?.URL ?? null
  );
}

/** Links for similarity checks are for one service alone, under its contract. */
function pdfUrlsOf({ link }: Message): string[] {
  const pdfs = (link ?? []).filter(
    (each) =>
      each['content-type'] === 'application/pdf' &&
      each['intended-application'] !== 'similarity-checking' &&
      URL.canParse(each.URL),
  );
  return [...new Set(pdfs.map((each) => each.URL))];
}

function noticeOf(each: z.infer<typeof update>, direction: WorkNotice['direction']): WorkNotice {
  const date = (each.updated?.['date-parts'][0] ?? []).map((part, at) => String(part).padStart(at === 0 ? 4 : 2, '0'));
  return {
    type: (each.type ?? 'unknown').toLowerCase(),
    direction,
    doi: normaliseDoi(each.DOI ?? ''),
    date: date.length > 0 ? date.join('-') : null,
    source: each.source ?? null,
  };
}

function arxivPreprintOf({ relation }: Message): string | null {
  for (const { id } of relation?.['has-preprint'] ?? []) {
    const doi = normaliseDoi(id ?? '');
    const arxivId = doi ? arxivIdOfDoi(doi) : parseArxivId(id ?? '');
    if (arxivId) return formatArxivId(arxivId);
  }
  return null;
}

const unknownDoi = (doi: string, cause: AppError) =>
  new AppError('NOT_FOUND', `Crossref does not know the DOI ${doi}.`, {
    cause,
    hint: 'Check it at https://doi.org. Data sets and theses are often registered elsewhere: download the PDF and upload it.',
  });
