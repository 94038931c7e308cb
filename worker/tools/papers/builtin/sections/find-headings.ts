/**
 * Which of a document's headings are headings of sections: not its title and authors, nor the abstract and the parts of
 * one, a table of contents, the reference list and what its entries look like, reviews printed after the paper. Headings
 * that run into their paragraph count where they are numbered or name a section that every paper has.
 */
import type { DocumentParagraph } from '../../../documents/document-layout.js';
import { isKnownHeading } from '../../../documents/pdf-layout/heading-shape.js';
import { sectionRole } from '../../structure/section-role.js';
import type { PaperSource } from '../paper-source.js';
import { withoutContentsList } from './contents-list.js';
import type { SectionHeading } from './section-heading.js';

const ABSTRACT = /^(?:a ?b ?s ?t ?r ?a ?c ?t|synopsis)[.:]?$/i;
const NUMBER_ONE = /^(?:1|I|0)[.)]?\s+\p{L}{2}/u;
const OPENING =
  /^(?:(?:1|I)[.)]?\s+\p{L}{2}.*|(?:general )?introduction\b.*|background|summary|motivation|overview|statement of need)[.:]?$/iu;
const LEAD_IN = 'run-in '; // before the setting of a heading that runs into its paragraph
const LABEL = /^(?:chapter|part|section|appendix)\s+(?:\d{1,2}|[A-Z]|[IVX]+)[.:]?$/i;
const NO_SECTION =
  /^(?:key ?words\b|index terms|ccs concepts|categories and subject|general terms|acm reference format|article info|graphical abstract|highlights$|pacs\b|msc\b|table of contents|contents$)/i;
const REVIEWS = /^(?:open )?peer review\b|^referee reports?\b|^reviewer(?:s|'s|’s)?\b|^decision letter/i;
const OPENING_PAGES = 3; // a title page, a long abstract, a list of contents

export function findHeadings(source: PaperSource): SectionHeading[] {
  const all = withoutContentsList(withoutLabels(candidatesOf(source), source.layout.paragraphs));
  const opened = all.slice(openingOf(all, source));
  return withoutRepeats(withoutEarlyLeadIns(beforeReviews(withoutReferences(opened), source)));
}

function candidatesOf({ layout }: PaperSource): SectionHeading[] {
  return layout.paragraphs.flatMap((paragraph, index): SectionHeading[] => {
    const { role, level, text, leadIn, startOffset, endOffset, lines } = paragraph;
    const [line] = lines;
    const place = { paragraph: index, page: line?.page ?? null, isAppendix: false };
    const setting = line ? `${line.font} ${line.size.toFixed(1)}` : '';
    if (role === 'HEADING') return [{ text, level, startOffset, endOffset, setting, ...place }];
    const words = leadIn?.replace(/\s?[.:—–]+$/, '');
    if (leadIn === undefined || words === undefined || !isSectionLeadIn(words)) return [];
    const end = startOffset + Buffer.byteLength(words);
    const depth = /^\d+((?:\.\d+)+)/.exec(words)?.[1]?.split('.').length;
    return [
      {
        text: words,
        level: depth ?? (/^\d/.test(words) ? 3 : 1),
        startOffset,
        endOffset: end,
        setting: LEAD_IN + setting,
        ...place,
      },
    ];
  });
}

const isSectionLeadIn = (words: string): boolean =>
  /^\d+(?:\.\d+)+\.?\s+\p{Lu}|^\d{1,2}\)\s+\p{Lu}/u.test(words) ||
  (/^\d/.test(words) && isKnownHeading(words)) ||
  (isBackMatter(words) && !/^(?:key ?words|citation|copyright|correspondence|licen[cs]e|received)/i.test(words));

/** What stands after a paper: thanks, declarations, supplements. Its names are too particular to be anything else. */
export const isBackMatter = (heading: string): boolean => {
  const role = sectionRole(heading);
  if (role === 'ACKNOWLEDGEMENTS') return true;
  return role === 'APPENDIX' || (role === 'OTHER' && NAMED_OTHER.test(heading));
};

const NAMED_OTHER =
  /\b(?:interests?|contributions?|contributors|availability|accessibility|ethics|consent|abbreviations|disclosures?|declarations?|trial status|authors?[’']? (?:details|information)|publisher[’']s note|orcid)\b/i;

/** "Chapter 1" over "Introduction": one heading, and the second line is its name. */
function withoutLabels(
  headings: readonly SectionHeading[],
  paragraphs: readonly DocumentParagraph[],
): SectionHeading[] {
  const kept: SectionHeading[] = [];
  let isAppendix = false;
  headings.forEach((heading, index) => {
    const next = headings[index + 1];
    const isLabel = LABEL.test(heading.text) && next?.paragraph === heading.paragraph + 1 && paragraphs[next.paragraph];
    if (isLabel) isAppendix = /^appendix/i.test(heading.text);
    else {
      kept.push({ ...heading, isAppendix });
      isAppendix = false;
    }
  });
  return kept;
}

/** The index of the first heading of the paper's own text. */
function openingOf(headings: readonly SectionHeading[], { title }: PaperSource): number {
  const isEarly = ({ page }: SectionHeading) => page === null || page <= OPENING_PAGES;
  const abstract = headings.findIndex((heading) => ABSTRACT.test(heading.text) && isEarly(heading));
  if (abstract >= 0) return afterAbstract(headings, abstract);
  const opening = headings.findIndex((heading) => OPENING.test(heading.text) && isEarly(heading));
  if (opening >= 0) return opening;
  const squeezed = squeeze(title ?? '');
  const first = headings.findIndex(({ text, page }) => !(isTitle(text, squeezed) || (page === 1 && isByline(text))));
  return first < 0 ? headings.length : first;
}

/** A structured abstract has headings of its own: the paper begins with its introduction, or in the abstract's setting. */
function afterAbstract(headings: readonly SectionHeading[], abstract: number): number {
  const setting = headings[abstract]?.setting;
  const level = headings[abstract]?.level ?? 1;
  const rest = headings.slice(abstract + 1);
  const isNear = ({ page }: SectionHeading) => page === null || page <= OPENING_PAGES + 1;
  const introduction = rest.findIndex(
    (heading) => isNear(heading) && (NUMBER_ONE.test(heading.text) || /^introduction\b/i.test(heading.text)),
  );
  const alike = rest.findIndex((heading) => heading.setting === setting || heading.level < level);
  return abstract + 1 + Math.max(0, introduction >= 0 ? introduction : alike);
}

const isTitle = (text: string, squeezed: string): boolean => squeezed !== '' && squeezed.includes(squeeze(text));

/** Names with marks of their addresses, or several of them. */
const isByline = (text: string): boolean =>
  /[¹²³⁴⁵⁶⁷⁸⁹*†‡§∗¶]/u.test(text) || /^(?:\p{Lu}[\p{L}.’'-]*[ ,]+(?:and )?){2,}\p{Lu}[\p{L}’'-]+$/u.test(text);

const squeeze = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

/**
 * The list's own heading is no section, and what looks like a heading inside the list is a part of an entry: after it
 * come back matter and appendices only, and what is set as the list's heading itself.
 */
function withoutReferences(headings: readonly SectionHeading[]): SectionHeading[] {
  const list = headings.findLastIndex(({ text }) => sectionRole(text) === 'REFERENCES');
  if (list < 0) return [...headings];
  const setting = headings[list]?.setting;
  const before = headings.slice(0, list).filter(({ text }) => sectionRole(text) !== 'REFERENCES');
  const after: SectionHeading[] = [];
  let isAppended = false;
  for (const heading of headings.slice(list + 1)) {
    isAppended ||= heading.setting === setting || sectionRole(heading.text) === 'APPENDIX' || heading.isAppendix;
    if (isAppended || isBackMatter(heading.text)) after.push({ ...heading, isAppendix: !isBackMatter(heading.text) });
  }
  return [...before, ...after];
}

/** The index of the paragraph where the reviews begin that some journals print after the paper; else past the last. */
export function reviewsStart({ layout: { paragraphs } }: PaperSource): number {
  const list = paragraphs.findLastIndex(({ text }) => text.length < MAX_NAME && sectionRole(text) === 'REFERENCES');
  if (list < 0) return paragraphs.length;
  const start = paragraphs.findIndex(({ text }, index) => index > list && text.length < MAX_NAME && REVIEWS.test(text));
  return start < 0 ? paragraphs.length : start;
}

const MAX_NAME = 60; // characters: the name of a part

function beforeReviews(headings: readonly SectionHeading[], source: PaperSource): SectionHeading[] {
  const end = reviewsStart(source);
  return headings.filter(({ paragraph, text }) => paragraph < end && !NO_SECTION.test(text));
}

const isLeadIn = ({ setting }: SectionHeading): boolean => setting.startsWith(LEAD_IN);

/** Declarations stand at the end; in a margin of the first page they are no sections of the text around them. */
function withoutEarlyLeadIns(headings: readonly SectionHeading[]): SectionHeading[] {
  const last = headings.findLastIndex((heading) => !isLeadIn(heading) && !isBackMatter(heading.text));
  return headings.filter((heading, index) => index > last || !isLeadIn(heading) || /^\d/.test(heading.text));
}

/** A numbered heading that comes again is a running header, or the page that continues it. */
function withoutRepeats(headings: readonly SectionHeading[]): SectionHeading[] {
  const seen = new Set<string>();
  return headings.filter(({ text }) => {
    if (!/^(?:\d|[A-H]\.\d)/.test(text)) return true;
    const isNew = !seen.has(text);
    seen.add(text);
    return isNew;
  });
}
