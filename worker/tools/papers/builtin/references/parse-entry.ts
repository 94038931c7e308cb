/** One entry of a list → its parts. What is not found is null; nothing is made up. */
import { type AuthorList, authorLists } from './authors.js';
import { YEAR } from './entry-shape.js';
import { identify } from './identifiers.js';
import { type ListStyle, styleOf, yearAt } from './list-style.js';
import { cleanTitle, readTitle } from './title-end.js';
import { isBareVenue, venueLikeness, venueName } from './venue.js';

export interface ParsedEntry {
  authors: string[];
  title: string | null;
  year: number | null;
  venue: string | null;
  doi: string | null;
  arxivId: string | null;
  url: string | null;
}

const MAX_CHARS = 3_000; // of an entry that are parsed: the longest author lists take two thirds of that

/** `texts`: the entries of one list, without labels, each on one line. */
export function parseEntries(texts: readonly string[]): ParsedEntry[] {
  const identified = texts.map((text) => identify(text.slice(0, MAX_CHARS)));
  const style = styleOf(identified.map(({ rest }) => rest));
  return identified.map(({ rest, doi, arxivId, url }) => ({ ...parseText(rest, style), doi, arxivId, url }));
}

type TextParts = Pick<ParsedEntry, 'authors' | 'title' | 'year' | 'venue'>;

function parseText(text: string, style: ListStyle): TextParts {
  const head = headOf(text, style);
  const body = text.slice(head.end);
  if (head.title !== null) return { ...head, title: cleanTitle(head.title), venue: venueName(body) };
  if ((head.authors.length > 0 || style.leavesTitlesOut) && isBareVenue(body, !style.leavesTitlesOut)) {
    return { authors: head.authors, title: null, year: head.year ?? lastYear(body), venue: venueName(body) };
  }
  const { title, rest } = readTitle(body, style);
  if (style.leavesTitlesOut && !isTitle(title, body))
    return { authors: head.authors, title: null, year: head.year ?? lastYear(body), venue: venueName(body) };
  return { authors: head.authors, title, year: head.year ?? lastYear(rest) ?? lastYear(text), venue: venueName(rest) };
}

/** In a list without titles: words, or a book with its publisher. */
const isTitle = (title: string | null, body: string): boolean =>
  (title?.match(/(?<!\p{L})\p{Ll}{3,}/gu)?.length ?? 0) >= 2 || /^[^().]{8,}\([^()]+: [^()]+\)|^\s*["“]/.test(body);

interface Head {
  authors: string[];
  year: number | null;
  title: string | null; // where it stands before the year
  end: number; // where the title begins, or what follows it
}

function headOf(text: string, style: ListStyle): Head {
  const dated = style.yearAfterAuthors ? datedHead(text, style) : null;
  if (dated) return dated;
  const list = chosen(authorLists(text), style);
  if (!list) return corporate(text, style);
  const after = text.slice(list.end);
  const mark = /^[\s.,]*[([]/.test(after) ? yearAt(after) : null;
  const opening = mark ? mark.length : (/^[\s.,:;]*/.exec(after)?.[0].length ?? 0);
  return { authors: list.names, year: mark?.year ?? null, title: null, end: list.end + opening };
}

/** The list's own form where the entry has it, unless another reads several names more. */
function chosen(lists: readonly AuthorList[], style: ListStyle): AuthorList | null {
  const own = lists.find(({ form }) => form === style.form);
  const longest = lists[0];
  if (own && longest && longest.names.length < own.names.length + 2) return own;
  return (
    lists.find((list) => list.form !== 'GIVEN_FAMILY' || style.form === 'GIVEN_FAMILY' || list.names.length > 1) ?? null
  );
}

const FAR = 1_200; // characters: the longest author lists that are printed in full
const NEAR = 120; // names of committees, where years stand without brackets

/** In a list that sets the year after the authors: whoever they are, they end there. */
function datedHead(text: string, style: ListStyle): Head | null {
  const lists = authorLists(text);
  const own = [...lists.filter(({ form }) => form === style.form), ...lists].find(
    ({ end }) => yearAt(text.slice(end)) !== null,
  );
  if (own) {
    const mark = yearAt(text.slice(own.end));
    return { authors: own.names, year: mark?.year ?? null, title: null, end: own.end + (mark?.length ?? 0) };
  }
  const opening = style.bracketsYears
    ? /[\s.,;]+(?=\((?:(?:1[5-9]|20)\d\d[a-z]?\b|n\.\s?d\.|in press|no date|forthcoming)[^()]{0,24}\))/i
    : /[\s.,;]+(?=(?:1[5-9]|20)\d\d[a-z]?[.\s])/;
  const found = opening.exec(text.slice(0, style.bracketsYears ? FAR : NEAR));
  const mark = found ? yearAt(text.slice(found.index)) : null;
  if (!found || !mark || found.index < 2) return null;
  const name = text.slice(0, found.index).trim();
  const end = found.index + mark.length;
  const names = looseNames(name);
  if (names.length > 1) return { authors: names, year: mark.year, title: null, end };
  const precedes =
    name.split(/\s+/).length > 9 || /[?]|\p{Ll}{2}[.:] \p{Lu}/u.test(name) || isUntitled(text.slice(end), name);
  if (precedes) return { authors: [], year: mark.year, title: name, end };
  return { authors: [withoutMark(name)], year: mark.year, title: null, end };
}

/** What follows the year is only where it appeared: then what stands before it is the title. */
function isUntitled(rest: string, name: string): boolean {
  const words = name.split(/\s+/).length;
  const isOneSentence = !/\p{Ll}{2}[.?!] \p{Lu}/u.test(rest);
  return (
    (words > 2 && venueLikeness(rest) > 0.8) ||
    (words > 3 && isOneSentence && venueLikeness(rest) > 0.6 && !isOrganisation(name))
  );
}

const INITIALS_ONLY = /^(?:\p{Lu}\p{Ll}?\.[ -]?)+(?: de| van| von)?$|^(?:Jr|Sr|II|III)\.?$/u;

/** Names that no grammar reads ("shikharsg, Rocklin, M., bot, & Banihirwe, A."), split at what stands between them. */
function looseNames(text: string): string[] {
  const names: string[] = [];
  for (const piece of text.split(/,?\s+(?:&|and)\s+|[;,]\s*…\s*|[;,]\s+/u)) {
    const last = names.length - 1;
    if (INITIALS_ONLY.test(piece) && last >= 0) names[last] += `, ${piece}`;
    else if (piece.trim() !== '') names.push(piece.trim());
  }
  const areShort = names.every((name) => name.split(/\s+/).length <= 6);
  return areShort && /,|&/.test(text) ? names : [];
}

/** An organisation's name, an entry that begins with its title, or a list without authors. */
function corporate(text: string, style: ListStyle): Head {
  const none: Head = { authors: [], year: null, title: null, end: 0 };
  if (/^\s*["“‘]/.test(text)) return none;
  const quote = style.quotesTitles ? /^([^"“”]{3,120}?)[,.:]*\s*(?=["“]|``)/.exec(text) : null;
  if (quote?.[1]) return { ...none, authors: [withoutMark(quote[1])], end: quote[0].length };
  const sentence = /^([^.?!:]{2,90})([.:])\s+(?=[\p{Lu}\d"“(])/u.exec(text);
  const isFirst = sentence?.[2] === style.closing && /[.;]/.test(text.slice(sentence[0].length, -1));
  if (sentence?.[1] && isFirst && isOrganisation(sentence[1])) {
    return { ...none, authors: [sentence[1].trim()], end: sentence[0].length };
  }
  return none;
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
  if (/\b(?:team|group|consortium|community|contributors|developers|collaborators)$/i.test(name))
    return words.length <= 6;
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
