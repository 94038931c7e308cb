/**
 * What several services found, as one list: the same work once, with what each of them knows of it. Two are the same when
 * they share a DOI or an arXiv id (of whatever version), or a title with an author and about the same year: so a preprint
 * and its published version are one work.
 *
 * Order: by reciprocal ranks summed over the services, which needs no scores that compare.
 */

import type { SearchServiceName } from '../../../src/kinds/research/connector-name.js';
import { parseArxivId } from '../../../src/papers/arxiv-id.js';
import type { FoundWork } from './source-connector.js';
import type { WorkFacts, WorkNotice } from './work-facts.js';

export interface MergedWork extends Omit<FoundWork, 'foundBy'> {
  foundBy: SearchServiceName[]; // the one that ranked it best first
  score: number; // of the order; compare within one list only
}

const RANK_DAMPING = 60; // Cormack, Clarke and Büttcher 2009
const MIN_TITLE_CHARS = 20; // "Editorial" and "Introduction" are the titles of many works
const MAX_YEARS_APART = 3; // from preprint to journal

/** `lists`: what each service found, best first. */
export function mergeFoundWorks(lists: readonly (readonly FoundWork[])[]): MergedWork[] {
  const ranked = lists
    .flatMap((list) => list.map((work, rank) => ({ work, score: 1 / (RANK_DAMPING + rank + 1) })))
    .sort((a, b) => b.score - a.score);
  const groups: (typeof ranked)[] = [];
  for (const entry of ranked) {
    const same = groups.filter((group) => group.some(({ work }) => isSameWork(work.facts, entry.work.facts)));
    const [first, ...others] = same;
    if (!first) {
      groups.push([entry]);
      continue;
    }
    // one that is known by both of two keys shows that two groups are one
    for (const other of others) {
      first.push(...other);
      groups.splice(groups.indexOf(other), 1);
    }
    first.push(entry);
  }
  return groups.map((group) => merge(group)).sort((a, b) => b.score - a.score);
}

type Identity = Pick<WorkFacts, 'title' | 'authors' | 'year' | 'doi' | 'arxivId'>;

/** Whether two descriptions are of one work. */
export function isSameWork(one: Identity, other: Identity): boolean {
  if (one.doi && one.doi === other.doi) return true;
  const arxivId = bareArxivId(one);
  if (arxivId && arxivId === bareArxivId(other)) return true;
  const title = normalTitle(one.title);
  if (title === '' || title !== normalTitle(other.title)) return false;
  const yearsApart = one.year === null || other.year === null ? null : Math.abs(one.year - other.year);
  const authors = shareAnAuthor(one.authors, other.authors);
  if (title.length < MIN_TITLE_CHARS) return authors === true && yearsApart === 0;
  return authors !== false && (yearsApart ?? 0) <= MAX_YEARS_APART;
}

const bareArxivId = ({ arxivId, doi }: Identity): string | null => parseArxivId(arxivId ?? doi ?? '')?.id ?? null;

/** Letters and digits alone, without accents. */
export const normalTitle = (title: string | null): string =>
  (title ?? '')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');

/** Null when one of them names none. */
function shareAnAuthor(some: readonly string[], others: readonly string[]): boolean | null {
  if (some.length === 0 || others.length === 0) return null;
  const names = new Set(some.flatMap(nameWords));
  return others.flatMap(nameWords).some((word) => names.has(word));
}

/** Without initials: "M. Ruíz" → ["ruiz"]. */
const nameWords = (name: string): string[] =>
  name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word.length > 1);

function merge(group: readonly { work: FoundWork; score: number }[]): MergedWork {
  const works = group.map(({ work }) => work);
  const first = <T>(of: (work: FoundWork) => T | null): T | null =>
    works.map(of).find((value) => value !== null) ?? null;
  const said = <Fact extends 'title' | 'year' | 'doi' | 'arxivId' | 'url' | 'licenseUrl'>(fact: Fact) =>
    first<WorkFacts[Fact]>(({ facts }) => facts[fact]) as WorkFacts[Fact];
  return {
    facts: {
      title: said('title'),
      authors: works.find(({ facts }) => facts.authors.length > 0)?.facts.authors ?? [],
      year: said('year'),
      doi: publishedDoi(works) ?? said('doi'),
      arxivId: said('arxivId'),
      url: said('url'),
      licenseUrl: said('licenseUrl'),
      notices: joinNotices(works.flatMap(({ facts }) => facts.notices)),
    },
    venue: first(({ venue }) => venue),
    abstract: first(({ abstract }) => abstract),
    pdfUrls: [...new Set(works.flatMap(({ pdfUrls }) => pdfUrls))],
    foundBy: [...new Set(works.map(({ foundBy }) => foundBy))],
    score: group.reduce((sum, { score }) => sum + score, 0),
  };
}

/** Rather that of the journal than that of its preprint. */
const publishedDoi = (works: readonly FoundWork[]): string | null =>
  works.map(({ facts }) => facts.doi).find((doi) => doi && parseArxivId(doi) === null) ?? null;

/** One without particulars adds nothing to one of its kind with them. */
function joinNotices(notices: readonly WorkNotice[]): WorkNotice[] {
  const telling = [...notices].sort((a, b) => Number(a.doi === null) - Number(b.doi === null));
  return telling.filter(
    (notice, index) =>
      !telling
        .slice(0, index)
        .some(
          (known) =>
            known.type === notice.type &&
            known.direction === notice.direction &&
            (notice.doi === null || known.doi === notice.doi),
        ),
  );
}
