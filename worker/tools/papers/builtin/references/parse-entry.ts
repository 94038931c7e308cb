/** One entry of a list → its parts. What is not found is null; nothing is made up. */
import { type AuthorList, authorLists } from './authors.js';
import { YEAR } from './entry-shape.js';
import { identify } from './identifiers.js';
import { type ListStyle, styleOf, yearAt } from './list-style.js';
import { readTitle } from './title-end.js';
import { isBareVenue, venueName } from './venue.js';

export interface ParsedEntry {
  authors: string[];
  title: string | null;
  year: number | null;
  venue: string | null;
  doi: string | null;
  arxivId: string | null;
  url: string | null;
}

/** `texts`: the entries of one list, without labels, each on one line. */
export function parseEntries(texts: readonly string[]): ParsedEntry[] {
  const identified = texts.map(identify);
  const style = styleOf(identified.map(({ rest }) => rest));
  return identified.map(({ rest, doi, arxivId, url }) => ({ ...parseText(rest, style), doi, arxivId, url }));
}

type TextParts = Pick<ParsedEntry, 'authors' | 'title' | 'year' | 'venue'>;

function parseText(text: string, style: ListStyle): TextParts {
  const head = headOf(text, style);
  const body = text.slice(head.end);
  if (head.authors.length > 0 && isBareVenue(body) && (style.leavesTitlesOut || !style.quotesTitles)) {
    return { authors: head.authors, title: null, year: head.year ?? lastYear(body), venue: venueName(body) };
  }
  if (style.leavesTitlesOut && isBareVenue(body))
    return { authors: head.authors, title: null, year: lastYear(body), venue: venueName(body) };
  const { title, rest } = readTitle(body, style);
  return { authors: head.authors, title, year: head.year ?? lastYear(rest) ?? lastYear(text), venue: venueName(rest) };
}

interface Head {
  authors: string[];
  year: number | null;
  end: number; // where the title begins
}

function headOf(text: string, style: ListStyle): Head {
  const lists = authorLists(text);
  const list = chosen(lists, text, style);
  if (list) {
    const after = text.slice(list.end);
    const mark = style.yearAfterAuthors || /^[\s.,]*[([]/.test(after) ? yearAt(after) : null;
    const opening = mark ? mark.length : (/^[\s.,:;]*/.exec(after)?.[0].length ?? 0);
    return { authors: list.names, year: mark?.year ?? null, end: list.end + opening };
  }
  return corporate(text, style);
}

/** The list's own form where the entry has it; another only where it does not contradict the list's order. */
function chosen(lists: readonly AuthorList[], text: string, style: ListStyle): AuthorList | null {
  const own = lists.find(({ form }) => form === style.form);
  const longest = lists[0];
  if (!longest) return null;
  if (own && own.end >= 0.6 * longest.end) return own;
  const fits = (list: AuthorList): boolean => !style.yearAfterAuthors || yearAt(text.slice(list.end)) !== null;
  const other = lists.find(
    (list) => fits(list) && (list.form !== 'GIVEN_FAMILY' || style.form === 'GIVEN_FAMILY' || list.names.length > 1),
  );
  return other ?? own ?? null;
}

const FAR = 160; // characters: names of committees are no longer

/** An organisation's name, an entry that begins with its title, or a list without authors. */
function corporate(text: string, style: ListStyle): Head {
  if (/^\s*["“‘]/.test(text)) return { authors: [], year: null, end: 0 };
  const dated = style.yearAfterAuthors
    ? /[\s.,]\s*(?=[([]?(?:(?:1[5-9]|20)\d\d[a-z]?|n\.\s?d\.|in press)\b[^()]{0,20}[)\].,\s])/.exec(text.slice(0, FAR))
    : null;
  if (dated && dated.index > 1) {
    const name = text.slice(0, dated.index).trim();
    const mark = yearAt(text.slice(dated.index));
    const isTitle = name.split(/\s+/).length > 9 || /[?]/.test(name) || /[.:] \p{Lu}/u.test(name);
    if (mark && isTitle) return { authors: [], year: mark.year, end: 0 };
    if (mark) return { authors: [withoutMark(name)], year: mark.year, end: dated.index + mark.length };
  }
  const quote = /^([^"“”]{3,120}?)[,.:]*\s*(?=["“]|``)/.exec(text);
  if (quote?.[1]) return { authors: [withoutMark(quote[1])], year: null, end: quote[0].length };
  const sentence = /^([^.?!:]{2,90})([.:])\s+(?=[\p{Lu}\d"“(])/u.exec(text);
  if (
    sentence?.[1] &&
    sentence[2] === style.closing &&
    isOrganisation(sentence[1]) &&
    /[.;]/.test(text.slice(sentence[0].length, -1))
  ) {
    return { authors: [sentence[1].trim()], year: null, end: sentence[0].length };
  }
  return { authors: [], year: null, end: 0 };
}

const withoutMark = (name: string): string => name.replace(/[\s.,:;]+$/, '');

/** Nearly every word in capitals, or a word that only organisations have. */
function isOrganisation(name: string): boolean {
  const words = name.split(/[\s/]+/).filter((word) => /\p{L}/u.test(word));
  if (words.length > 11) return false;
  const plain = words.filter(
    (word) =>
      /^\p{Ll}/u.test(word) &&
      !/^(?:and|of|the|for|on|in|et|de|la|le|les|des|du|der|die|das|und|für|y|e|do|da|&)$/.test(word),
  );
  const known =
    /\b(?:Organi[sz]ation|Institute?|University|Universität|Department|Ministry|Minist[èe]re|Committee|Council|Commission|Association|Society|Agency|Centre|Center|Group|Team|Foundation|Office|Bureau|Consortium|Collaboration|Network|Federation|Academy|Board|Corporation|Inc|WHO|UNESCO|NHS|Nations|Union|Survey|Administration|Service|Authority)\b/.test(
      name,
    );
  return (plain.length === 0 && (known || words.length <= 6)) || (known && plain.length <= 1);
}

const ACCESS = /\b(?:accessed|retrieved|cited|last (?:visited|checked|accessed)|zugriff|consult[ée])\b.*$/i;

/** The year of publication in what follows the title: in brackets, before a volume, else the last that is no page. */
export function lastYear(text: string): number | null {
  const plain = text.replace(ACCESS, '') || text;
  const bracketed = [...plain.matchAll(/\(\s?(?:\p{L}+\.? )?((?:1[5-9]|20)\d\d)[a-z]?\s?\)/gu)].at(-1)?.[1];
  if (bracketed) return Number(bracketed);
  const beforeVolume = /(?<![\d–-])((?:1[5-9]|20)\d\d)(?: \p{Lu}\p{Ll}{2}(?:[ -]\w+)*)?\s?[;:]\s?[A-Z]?\d/u.exec(
    plain,
  )?.[1];
  if (beforeVolume) return Number(beforeVolume);
  const years = [...plain.matchAll(new RegExp(YEAR, 'gu'))].filter(
    ({ index }) =>
      !/\bpp?\.?\s?$|[:(]\s?$|–$/.test(plain.slice(0, index)) && !/^\d{4}\s?[–-]\s?\d/.test(plain.slice(index)),
  );
  const year = years.at(-1)?.[0] ?? YEAR.exec(text)?.[0];
  return year ? Number(year) : null;
}
