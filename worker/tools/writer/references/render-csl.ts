/** references.csl.json: the same sources as CSL-JSON, which Zotero, Pandoc and citeproc read. Keys as in references.bib. */
import type { FinishedReport, FinishedSource } from '../finished-report.js';
import { inertText } from '../inert-text.js';
import { citationKeys } from './citation-keys.js';
import { splitName } from './split-name.js';

/** A name in parts, or whole. */
export type CslName = { family: string; given: string; suffix?: string } | { literal: string };

/** The part of CSL's data schema (version 1.0) that is written here. */
export interface CslItem {
  id: string;
  type: 'article-journal' | 'article' | 'document';
  title: string;
  author?: CslName[];
  issued?: { 'date-parts': [[number]] };
  'container-title'?: string;
  DOI?: string;
  URL?: string;
  number?: string;
  note: string;
}

/** One item a source, in the report's order. */
export function renderCsl({ sources }: Pick<FinishedReport, 'sources'>): CslItem[] {
  const keys = citationKeys(sources);
  return sources.map((source) => itemOf(source, keys.get(source.sourceId) ?? ''));
}

function itemOf(source: FinishedSource, id: string): CslItem {
  const { venue = null, doi = null, arxivId = null, url = null } = source.published ?? {};
  return {
    id,
    type: venue !== null ? 'article-journal' : arxivId !== null ? 'article' : 'document',
    title: line(source.title),
    ...(source.authors.length > 0 && { author: source.authors.map(nameOf) }),
    ...(source.year !== null && { issued: { 'date-parts': [[source.year]] as [[number]] } }),
    ...(venue !== null && { 'container-title': line(venue) }),
    ...(doi !== null && { DOI: line(doi) }),
    ...(url !== null && { URL: line(url) }),
    ...(arxivId !== null && { number: `arXiv:${line(arxivId)}` }),
    note: `${source.standing?.retracted ? 'Retracted. ' : ''}Snapshot sha256 ${source.snapshotSha256}`,
  };
}

function nameOf(author: string): CslName {
  const { family, given, suffix } = splitName(line(author));
  if (given === '') return { literal: family };
  return { family, given, ...(suffix !== '' && { suffix }) };
}

/** CSL reads a few HTML tags in text (<i>, <sub> …): a space after the angle keeps a source's own from being one. */
const line = (text: string): string =>
  inertText(text)
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/<(?=[/\p{L}])/gu, '< ');
