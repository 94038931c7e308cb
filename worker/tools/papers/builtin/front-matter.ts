/** Title, authors, abstract, year and identifiers: what stands before the first section. */
import { placeOf } from '../../../../src/papers/place-of.js';
import type { FieldConfidence, PaperAuthor, PaperUncertainty, Place } from '../../../../src/papers/structured-paper.js';
import { type FoundAbstract, findAbstract } from './front/abstract.js';
import { type AuthorFacts, findAuthors } from './front/authors.js';
import { bottomOf, type FrontPage, frontPage, isAside, isRunningText } from './front/front-page.js';
import { findArxivId, findDoi } from './front/identifiers.js';
import { findKeywords } from './front/keywords.js';
import { printedTitle, titleConfidence } from './front/printed-title.js';
import { authorsOfText } from './front/text-authors.js';
import { findYear } from './front/year.js';
import type { Assessment, PaperSource } from './paper-source.js';

export interface FrontMatter extends Assessment {
  title: string | null;
  authors: PaperAuthor[];
  abstract: string | null;
  year: number | null;
  doi: string | null;
  arxivId: string | null;
  keywords: string[];
  places: { title: Place | null; abstract: Place | null };
}

export function readFrontMatter(source: PaperSource): FrontMatter {
  const bytes = Buffer.from(source.text);
  const title = printedTitle(source.title);
  const page = frontPage(source, title);
  const abstract = findAbstract(source.layout, page);
  const { authors, facts } = page
    ? findAuthors(source, page, bytes, textTop(page, abstract))
    : authorsOfText(source, bytes, title, abstract?.startOffset ?? null);
  const { declared } = source.layout;
  const doi = asDeclared(declared?.doi) ?? findDoi(source.layout);
  const arxivId = findArxivId(source.layout);
  const year =
    asDeclared(declared?.year) ?? findYear(source.layout, { arxivId: arxivId?.value ?? null, doi: doi?.value ?? null });
  const confidence: FieldConfidence[] = [];
  const trust = (field: FieldConfidence['field'], fact: { score: number; basis: string } | null): void => {
    if (fact) confidence.push({ field, score: Math.round(fact.score * 100) / 100, basis: fact.basis });
  };
  trust('title', title === null ? null : titleConfidence(title, source, page));
  trust(
    'authors',
    asDeclared(declared?.authors.length) ?? (authors.length > 0 ? trustInAuthors(authors, facts) : null),
  );
  trust('abstract', abstract ? trustInAbstract(abstract) : asDeclared(declared?.abstract));
  trust('year', year);
  trust('doi', doi);
  trust('arxivId', arxivId);
  return {
    title,
    authors,
    abstract: abstract?.text ?? declared?.abstract ?? null,
    year: year?.value ?? null,
    doi: doi?.value ?? null,
    arxivId: arxivId?.value ?? null,
    keywords: declared && declared.keywords.length > 0 ? declared.keywords : findKeywords(source.layout.paragraphs),
    places: {
      title: page && title !== null ? placeOfTitle(source, page) : placeInText(source, title),
      abstract: abstract && placeOf(source.lines, abstract.startOffset, abstract.endOffset),
    },
    confidence,
    uncertainties: doubts({ title, authors, abstract: abstract?.text ?? declared?.abstract ?? null }, page),
  };
}

/** What a Markdown file's front matter says of itself is taken at its word. */
const asDeclared = <T extends string | number>(
  value: T | null | undefined,
): { value: T; score: number; basis: string } | null =>
  value ? { value, score: 0.98, basis: "declared in the file's front matter" } : null;

/** Where the front matter ends on its page: at the abstract, the first section, or the first running text. */
function textTop(page: FrontPage, abstract: FoundAbstract | null): number {
  const top = bottomOf(page);
  const tops = page.paragraphs.flatMap((paragraph) => {
    const { role, text, lines } = paragraph;
    const first = lines[0];
    if (!first || isAside(page, first) || first.baseline <= top + 1) return [];
    const isSection =
      role === 'HEADING' &&
      /^(?:(?:\d|I)\.?\s+\p{Lu}\p{L}{3}|introduction\b|summary$|abstract\b|background$|statement of need)/iu.test(text);
    return isSection || isRunningText(paragraph) ? [first.baseline] : [];
  });
  const own =
    abstract && abstract.top !== null && abstract.page === page.number && abstract.top > top - 2
      ? [abstract.top + 4]
      : [];
  return Math.min(...own, ...tops, Infinity);
}

function placeOfTitle(source: PaperSource, { title }: FrontPage): Place | null {
  const [first, last] = [title[0], title.at(-1)];
  return first && last ? placeOf(source.lines, first.startOffset, last.endOffset) : null;
}

function placeInText({ layout, lines }: PaperSource, title: string | null): Place | null {
  const paragraph =
    title === null ? undefined : layout.paragraphs.slice(0, 20).find(({ text }) => text.startsWith(title));
  return paragraph
    ? placeOf(lines, paragraph.startOffset, paragraph.startOffset + Buffer.byteLength(title ?? ''))
    : null;
}

function trustInAuthors(authors: readonly PaperAuthor[], facts: AuthorFacts): { score: number; basis: string } {
  const n = authors.length;
  const told: string[] = [`${n} name${n > 1 ? 's' : ''} between title and text`];
  let doubt = 0.45;
  if (facts.marked > 0) {
    told.push(`${facts.marked} with a mark that an affiliation answers to`);
    doubt *= facts.marked === n ? 0.25 : 0.5;
  } else if (facts.placed > 0) {
    told.push(`${facts.placed} with an affiliation under the name`);
    doubt *= facts.placed === n ? 0.5 : 0.75;
  }
  if (facts.mailed > 0) {
    told.push(`${facts.mailed} spelt by an e-mail address`);
    doubt *= 0.5;
  }
  if (facts.repeated) {
    told.push('the first repeated in a running header or citation line');
    doubt *= 0.4;
  }
  return { score: Math.min(0.98, 1 - doubt), basis: told.join('; ') };
}

function trustInAbstract({ form, endsSharply, text }: FoundAbstract): { score: number; basis: string } {
  const words = text.split(/\s+/).length;
  const isUsual = words >= 60 && words <= 450;
  const base =
    { HEADED: 0.93, RUN_IN: 0.92, UNHEADED: 0.72 }[form] + (endsSharply ? 0.05 : -0.07) - (isUsual ? 0 : 0.15);
  const how = {
    HEADED: 'under its heading',
    RUN_IN: 'behind its run-in word',
    UNHEADED: 'text between the authors and the first section, set apart',
  };
  return {
    score: Math.min(0.98, base),
    basis: `${how[form]}; ${words} words; ${endsSharply ? 'ended by a heading or keywords' : 'ended where the setting changes'}`,
  };
}

type Found = { title: string | null; authors: readonly PaperAuthor[]; abstract: string | null };

function doubts({ title, authors, abstract }: Found, page: FrontPage | null): PaperUncertainty[] {
  const number = page?.number ?? null;
  const all: PaperUncertainty[] = [];
  if (title === null)
    all.push({
      code: 'NO_TITLE_FOUND',
      message: 'No title was found on the first pages, nor in the file: give the paper one yourself.',
      page: number,
    });
  if (authors.length === 0)
    all.push({
      code: 'NO_AUTHORS_FOUND',
      message: 'No names were found below the title: look at the first page, or fetch the paper by its DOI.',
      page: number,
    });
  if (!abstract)
    all.push({
      code: 'NO_ABSTRACT_FOUND',
      message:
        'No abstract was found: neither its heading nor text set apart below the authors. Some papers have none; look at the first page.',
      page: number,
    });
  return all;
}
