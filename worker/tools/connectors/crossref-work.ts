/**
 * A work as Crossref describes it: the parts of its answer that are used, and what they say.
 */
import { z } from 'zod';
import { arxivIdOfDoi, formatArxivId, parseArxivId } from '../../../src/papers/arxiv-id.js';
import { normaliseDoi } from '../../../src/papers/doi.js';
import { plainAbstract, plainLine } from './plain-line.js';
import type { WorkFacts, WorkNotice } from './work-facts.js';

export interface CrossrefWork {
  facts: WorkFacts;
  subtitle: string | null;
  type: string | null; // journal-article, posted-content …
  venue: string | null;
  abstract: string | null;
  /** PDFs that a reader may be sent to, each once; that they open for everybody is not said. */
  pdfUrls: string[];
  /** A preprint of it on arXiv. */
  preprintArxivId: string | null;
}

const dateParts = z.object({ 'date-parts': z.array(z.array(z.number().nullable())) }).nullish();
const texts = z.array(z.string()).nullish();
const update = z.object({
  DOI: z.string().nullish(),
  type: z.string().nullish(),
  source: z.string().nullish(),
  updated: dateParts,
});
export const crossrefMessage = z.object({
  DOI: z.string(),
  type: z.string().nullish(),
  title: texts,
  subtitle: texts,
  'container-title': texts,
  abstract: z.string().nullish(),
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
type Message = z.infer<typeof crossrefMessage>;

/** Null when what it is said to be the DOI of is none. */
export function crossrefWork(work: Message): CrossrefWork | null {
  const doi = normaliseDoi(work.DOI);
  if (doi === null) return null;
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
    abstract: plainAbstract(work.abstract),
    pdfUrls: pdfUrlsOf(work),
    preprintArxivId: arxivPreprintOf(work),
  };
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
