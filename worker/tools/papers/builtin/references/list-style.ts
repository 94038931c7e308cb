/**
 * How a list sets its entries, from all of them together: a list keeps to one style, and what one entry leaves open
 * (is "Wellness" a name or a title?) the others tell.
 */
import { type AuthorList, authorLists, NAME_FORMS, type NameForm } from './authors.js';
import { isBareVenue } from './venue.js';

export interface ListStyle {
  form: NameForm | null; // null: no entry begins with names
  yearAfterAuthors: boolean; // "Rising, J. (2020). Title"
  bracketsYears: boolean; // and stands in brackets there
  quotesTitles: boolean; // “Title,”
  closing: string; // what closes the authors, when no year does: ".", ":" or ","
  leavesTitlesOut: boolean; // "Phys. Rev. D 62, 043511 (2000)" right after the authors
}

const MANY = 0.5; // of the entries

export function styleOf(texts: readonly string[]): ListStyle {
  const read = texts.map((text) => ({ text, lists: authorLists(text) }));
  const form = usualForm(read.map(({ lists }) => lists));
  const named = read.flatMap(({ text, lists }) => {
    const list = lists.find((other) => other.form === form);
    return list ? [{ after: text.slice(list.end) }] : [];
  });
  const share = (holds: (after: string) => boolean): number =>
    named.filter(({ after }) => holds(after)).length / Math.max(1, named.length);
  const dated = read.filter(
    ({ text, lists }) => DATED_HEAD.test(text) || lists.some(({ end }) => yearAt(text.slice(end)) !== null),
  );
  const yearAfterAuthors = dated.length >= MANY * texts.length && dated.length > 0;
  const bracketsYears = texts.filter((text) => DATED_HEAD.test(text)).length >= MANY * Math.max(1, dated.length);
  const closings = ['.', ':', ','].map((mark) => ({
    mark,
    share: share((after) => after.trimStart().startsWith(mark)),
  }));
  const bare = read.filter(({ text, lists }) => isBareVenue(afterYear(text.slice(lists[0]?.end ?? 0)), false)).length;
  return {
    form,
    yearAfterAuthors,
    bracketsYears,
    quotesTitles: texts.filter((text) => /["“”]|``/.test(text.slice(0, 250))).length >= MANY * texts.length,
    closing: closings.reduce((best, other) => (other.share > best.share ? other : best)).mark,
    leavesTitlesOut: bare >= 0.6 * texts.length,
  };
}

/** "Anybody (2015)." well before the middle: "Phys. Rev. D 62, 043511 (2000)." has it at the end. */
const DATED_HEAD =
  /^(?=.{60})(.{2,600}?)[\s.,]\((?:(?:1[5-9]|20)\d\d[a-z]?|n\.\s?d\.|in press)[^()]{0,20}\)[\s.,:].{25}/u;

/** The form that reads the most entries furthest. */
function usualForm(read: readonly (readonly AuthorList[])[]): NameForm | null {
  const votes = new Map<NameForm, number>();
  for (const lists of read) {
    const longest = lists[0]?.end ?? 0;
    for (const list of lists) {
      const vote = list.end >= longest ? 1 : 0.8 * (list.end / longest) ** 2;
      const isInitials = list.form === 'GIVEN_FAMILY' && lists.some(({ form }) => form === 'DOTTED_FAMILY');
      votes.set(list.form, (votes.get(list.form) ?? 0) + (isInitials ? 0.5 * vote : vote));
    }
  }
  const best = NAME_FORMS.reduce((left, right) => ((votes.get(right) ?? 0) > (votes.get(left) ?? 0) ? right : left));
  return (votes.get(best) ?? 0) > 0 ? best : null;
}

const YEAR_AFTER =
  /^[\s.,:;]*(?:[([]\s?(?:c(?:a|irca)?\.?\s?)?((?:1[5-9]|20)\d\d)(?:[a-z]|[/–-]\d{2,4})?[^()[\]]{0,24}[)\]]|((?:1[5-9]|20)\d\d)[a-z]?(?=[.,:;\s](?!\d))|[([]?(?:[Ii]n press|[Ff]orthcoming|n\.\s?d\.|no date|[Ss]ubmitted|[Tt]o appear|[Aa]ccepted|[Uu]nder review|[Ii]n prep(?:aration|\.))[)\]]?)[\s.,:;]*/u;

export interface YearMark {
  year: number | null; // null: "in press"
  length: number; // characters, with the marks around it
}

/** The year that stands at the head of `text`, where an author list has ended. */
export function yearAt(text: string): YearMark | null {
  const match = YEAR_AFTER.exec(text);
  if (!match) return null;
  const year = match[1] ?? match[2];
  return { year: year === undefined ? null : Number(year), length: match[0].length };
}

const afterYear = (text: string): string => text.slice(yearAt(text)?.length ?? 0);
