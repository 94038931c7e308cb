/** The list of contents: its entries look like headings, and each comes again as one. */
import type { SectionHeading } from './section-heading.js';

const CONTENTS = /^(?:table of )?contents?[.:]?$/i;

/** `headings` without the list's own and its entries, which end where the first heading of the text itself comes. */
export function withoutContentsList(headings: readonly SectionHeading[]): SectionHeading[] {
  const start = headings.findIndex(({ text }) => CONTENTS.test(text));
  if (start < 0 || !isListAhead(headings, start)) return [...headings];
  const later = new Map<string, number>();
  for (const [index, { text }] of headings.entries()) later.set(nameOf(text), index);
  let end = start + 1;
  while (end < headings.length && (later.get(nameOf(headings[end]?.text ?? '')) ?? end) > end) end += 1;
  return [...headings.slice(0, start), ...headings.slice(end)];
}

/** "Contents" may be a section of a paper about a course: then text follows, and none of its headings come twice. */
function isListAhead(headings: readonly SectionHeading[], start: number): boolean {
  const { text, page } = headings[start] ?? { text: '', page: null };
  const names = headings.slice(start + 1).map((heading) => nameOf(heading.text));
  const comesTwice = names.slice(0, 3).some((name) => names.filter((other) => other === name).length > 1);
  return comesTwice || (/contents/i.test(text) && (page ?? 1) <= LIST_PAGES && start < LIST_HEADINGS);
}

const LIST_PAGES = 6; // title pages, an abstract, a dedication
const LIST_HEADINGS = 6;

/** Without the page's number that the list gives. */
const nameOf = (text: string): string => text.replace(/[\s.…]+\d{1,4}$/, '').toLowerCase();
