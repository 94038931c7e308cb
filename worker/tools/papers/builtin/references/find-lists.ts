/**
 * Where a paper's reference lists stand, as lines: from a heading that says so to the next part of the paper, else the run
 * of numbered entries at its end. Captions, tables and what pages carry beside the text are left out.
 */
import type { DocumentLayout } from '../../../documents/document-layout.js';
import { hasEnded, hasYear, YEAR } from './entry-shape.js';
import { inRows, type ListLine, linesToRead } from './list-lines.js';
import { type SplitEntry, splitNumbered } from './split-numbered.js';
import { splitLikeness, splitUnnumbered } from './split-unnumbered.js';

export interface ReferenceList {
  hasHeading: boolean;
  isNumbered: boolean;
  entries: SplitEntry[]; // never empty
}

const HEADING =
  /^(?:(?:\d{1,2}|[IVX]{1,5}|[A-Z])[.:]?\s+)?(?:(?:supplement(?:ary|al)|additional|methods?|cited|selected|main|online|key) )?(?:references?(?: (?:and|&) (?:notes|further reading|links|bibliography))?|references? cited|references? list|list of references|notes and references|bibliograph(?:y|ic references)|literature(?: cited)?|cited literature|works cited|r ?e ?f ?e ?r ?e ?n ?c ?e ?s|referencias(?: bibliográficas)?|bibliografía|bibliografia|références(?: bibliographiques)?|bibliographie|literatur(?:verzeichnis)?|referências(?: bibliográficas)?|riferimenti bibliografici|参考文献|參考文獻|список литературы|литература)(?: for .{3,40})?\s?[.:]?$/i;
const NEXT_PART =
  /^(?:(?:\d{1,2}|[IVX]{1,5}|[A-Z])[.:]?\s+)?(?:append(?:ix|ices)\b|annex\b|supplement(?:ary|al)?\b|supporting information|acknowledge?ments?\b|author(?:s’|s'|s)? (?:contributions?|information|biograph)|biograph(?:y|ies)\b|about the authors?|competing interests?|conflicts? of interests?|figure (?:legends?|captions?)|tables? (?:legends?|captions?)|figures?$|tables?$|list of (?:figures|tables)|index$|glossary$|curriculum vitae|funding\b|grant information|data availability|ethics|correspondence|open peer review|(?:current )?referee|footnotes$|endnotes$|cite this article|publisher.s note|publication history|résumé$|zusammenfassung$)/i;

const COLOPHON =
  /^(?:(?:conflicts? of interests?(?: statement)?|competing interests?|received|citation|copyright|publisher[’']s note|disclaimer|cite this article(?: as)?|how to cite(?: this article)?|author (?:details|contributions?)|edited by|reviewed by|affiliations?|submitted|accepted|corresponding author|e-?mail)\s?[:©]|copyright ©|© ?(?:19|20)\d\d|submit your (?:next )?manuscript|this article was submitted)/i;

/** In reading order; empty when there is none. */
export function findLists(layout: DocumentLayout): ReferenceList[] {
  const lines = withoutRunningHeads(linesToRead(layout), layout);
  const heads = lines.flatMap((line, index) => (isHeading(line) ? [index] : []));
  const lists = heads.flatMap((head, index) => {
    const region = listRegion(lines, head, heads[index + 1] ?? lines.length);
    const list = listOf(region, true);
    return list && list.score >= ENOUGH ? [list] : [];
  });
  if (lists.length > 0) return lists.reduce(joined, []);
  const unheaded = numberedAtEnd(lines);
  return unheaded ? [unheaded] : [];
}

/** The page of a heading in the document's second half whose list could not be split; null when there is none. */
export function unreadHeading(layout: DocumentLayout): { page: number | null } | null {
  const lines = linesToRead(layout);
  const at = lines.findLastIndex((line) => isHeading(line) && line.paragraph.role === 'HEADING');
  return at >= lines.length / 2 && at < lines.length - 1 ? { page: lines[at]?.set?.page ?? null } : null;
}

const TOP = 0.15; // of the page's height

/** Without "Bibliography" at the head of the pages that the list goes on on: set no larger than the text, and not the first. */
function withoutRunningHeads(lines: readonly ListLine[], { pages, body }: DocumentLayout): ListLine[] {
  const heights = new Map(pages.map(({ number, height }) => [number, height]));
  let isOpen = false;
  return lines.filter((line) => {
    if (!isHeading(line)) return true;
    const { set } = line;
    const isAtTop = set !== null && set.baseline < TOP * (heights.get(set.page) ?? 0);
    const isRunning = isOpen && isAtTop && set.size < 1.05 * (body?.size ?? set.size);
    isOpen = true;
    return !isRunning;
  });
}

/** A list whose numbers go on from the one before is its next part. */
function joined(lists: ReferenceList[], list: ReferenceList): ReferenceList[] {
  const last = lists.at(-1);
  const goesOn =
    last?.isNumbered && list.isNumbered && Number(last.entries.at(-1)?.label) + 1 === Number(list.entries[0]?.label);
  return goesOn ? [...lists.slice(0, -1), { ...last, entries: [...last.entries, ...list.entries] }] : [...lists, list];
}

const ENOUGH = 0.5; // of likeness, on average

const isHeading = ({ text, paragraph, isFirst }: ListLine): boolean =>
  text.length < 60 && HEADING.test(text) && (isFirst || paragraph.role === 'HEADING' || /^\p{Lu}{6}/u.test(text));

function listRegion(lines: readonly ListLine[], head: number, next: number): ListLine[] {
  const heading = lines[head] as ListLine;
  let end = head + 1;
  while (end < next && !endsList(lines[end] as ListLine, heading)) end += 1;
  return withoutStrays(lines.slice(head + 1, end));
}

function endsList(line: ListLine, heading: ListLine): boolean {
  const { text, paragraph, isFirst, set } = line;
  if (COLOPHON.test(text)) return true;
  if (!isFirst || paragraph.text.length > 140) return false;
  if (paragraph.role !== 'HEADING') return NEXT_PART.test(text) && text.length < 40 && !YEAR.test(text);
  if (NEXT_PART.test(text)) return true;
  if (!set || !heading.set) return true;
  const isSameSet = set.font === heading.set.font && Math.abs(set.size - heading.set.size) < 0.03 * set.size;
  return (
    (isSameSet || set.size > 1.1 * heading.set.size) && set.size >= heading.set.size * 0.97 && !hasYear(paragraph.text)
  );
}

// Of the list's own size: scripts and links set some lines smaller.
const SMALLEST = 0.78;
const LARGEST = 1.15;
const HEAD = 120; // lines that tell the list's size: what follows an unmarked end does not count

/** Without captions, lines of another size, and what stands alone at a page's head or foot. */
function withoutStrays(lines: readonly ListLine[]): ListLine[] {
  const size = usualSize(lines.slice(0, HEAD));
  const text = lines.filter(({ paragraph, set, text }) => {
    if (paragraph.role === 'CAPTION' && !hasYear(paragraph.text)) return false;
    return (
      !set ||
      (set.size > SMALLEST * size && set.size < LARGEST * size && !/^[-–—\s\d]{1,6}$/.test(text)) ||
      /^\[?\d+[.\]]$/.test(text)
    );
  });
  return inRows(text.filter((line, index) => !standsAlone(text, index, line)));
}

function usualSize(lines: readonly ListLine[]): number {
  const sizes = new Map<number, number>();
  for (const { set, text } of lines) if (set) sizes.set(set.size, (sizes.get(set.size) ?? 0) + text.length);
  return [...sizes].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [10, 0])[0];
}

const ALONE = 2.2; // of the font size, to the next line

/** The first or last line of a page with a wide gap to the others: a header or footer that was not repeated enough. */
function standsAlone(lines: readonly ListLine[], index: number, { set, text }: ListLine): boolean {
  const before = lines[index - 1]?.set;
  const after = lines[index + 1]?.set;
  if (!set || !before || hasYear(text)) return false;
  const isHead =
    before.page !== set.page && after?.page === set.page && after.baseline - set.baseline > ALONE * set.size;
  const isFoot =
    before.page === set.page &&
    after !== undefined &&
    after?.page !== set.page &&
    set.baseline - before.baseline > ALONE * set.size;
  return isHead || isFoot;
}

function listOf(lines: readonly ListLine[], hasHeading: boolean): (ReferenceList & { score: number }) | null {
  if (lines.length === 0) return null;
  const numbered = splitNumbered(lines);
  const entries = withoutTail(numbered ?? splitUnnumbered(lines));
  const score = splitLikeness(entries);
  return entries.length > 0 ? { hasHeading, isNumbered: numbered !== null, entries, score } : null;
}

const MIN_SHARE = 0.6; // of the entries without a heading: each has a year, a DOI or an address

/** Without a heading: the last ascending run of labels in the document whose entries are entries. */
function numberedAtEnd(lines: readonly ListLine[]): ReferenceList | null {
  const firsts = lines.flatMap(({ text, isFirst }, index) =>
    isFirst && /^(?:\[1\]|1\.|\(1\)|¹)\s*\p{Lu}/u.test(text) ? [index] : [],
  );
  for (const first of firsts.reverse()) {
    const list = listOf(withoutStrays(lines.slice(first)), false);
    if (!list?.isNumbered || list.entries.length < 2) continue;
    const dated = list.entries.filter((entry) => hasYear(entry.lines.map(({ text }) => text).join(' '))).length;
    if (dated >= MIN_SHARE * list.entries.length && list.score >= ENOUGH) return list;
  }
  return null;
}

/** What follows the last entry without a heading: boxes of the publisher, notes, biographies. */
function withoutTail(entries: readonly SplitEntry[]): SplitEntry[] {
  let last = entries.length - 1;
  while (last > 0 && entries[last]?.label === null && !isEntry(entries[last])) last -= 1;
  const kept = entries.slice(0, last + 1);
  const final = kept.at(-1);
  if (!final) return [];
  return [...kept.slice(0, -1), { ...final, lines: final.lines.slice(0, lengthOfLast(final, kept)) }];
}

const isEntry = (entry: SplitEntry | undefined): boolean =>
  hasYear((entry?.lines ?? []).map(({ text }) => text).join(' '));

/** How many lines the last entry has: it ends at a gap, a heading, or another setting, once it could have ended. */
function lengthOfLast({ lines }: SplitEntry, entries: readonly SplitEntry[]): number {
  const gaps = entries
    .slice(0, -1)
    .flatMap((entry) => entry.lines.slice(1).map((line, index) => dropOf(entry.lines[index], line)));
  const usual = gaps.filter((gap) => gap > 0).sort((a, b) => a - b)[gaps.length >> 1];
  const longest = Math.max(3, ...entries.slice(0, -1).map((entry) => entry.lines.length));
  let text = '';
  for (const [index, line] of lines.entries()) {
    const before = lines[index - 1];
    const isDone = hasEnded(text) && hasYear(text);
    if (before?.set && line.set) {
      const drop = dropOf(before, line);
      const leading = usual ?? 1.3 * before.set.size;
      if (line.paragraph.role === 'HEADING' && line.isFirst && !hasYear(line.text)) return index;
      if (
        drop > 1.5 * leading ||
        (isDone && (drop <= 0 || Math.abs(line.set.size - before.set.size) > 0.1 * line.set.size))
      )
        return index;
    } else if (before && line.isFirst && isDone) return index;
    if (index >= longest && isDone) return index;
    text = `${text} ${line.text}`;
  }
  return lines.length;
}

const dropOf = (above: ListLine | undefined, below: ListLine): number =>
  above?.set && below.set && above.set.page === below.set.page ? below.set.baseline - above.set.baseline : 0;
