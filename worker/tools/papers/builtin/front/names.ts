/**
 * Lists of names as papers print them: "A. B. Author¹,*, Ching Chong² and D. van Else³". A name comes without titles,
 * degrees and marks; the marks come apart, they point to affiliations.
 */
import { plainFigures, RAISED } from './raised.js';
import { part, type Span, type Stretch, spanIn } from './stretch.js';

export interface PrintedName extends Span {
  name: string;
  marks: string[]; // "1", "a", "*": as printed, one each
}

// A name is tested word by word: one pattern for the whole of it would try every way to divide a long line.
const PARTICLE =
  /^(?:van|von|vom|der|den|de|del|della|di|da|dos|das|do|du|la|le|las|los|el|al|bin|ibn|ben|ter|ten|te|zu|zur|af|av|y|e|i|san|dit|['’]t)$/u;
const INITIALS = /^(?:(?:\p{Lu}\p{Ll}{0,2}|Mohd)\.[-‐–]?)+$|^\p{Lu}$/u; // "J.", "J.-P.", "Md."
const WORD =
  /^(?:\p{Lu}\p{Ll}{0,2}\.)*(?:[DdLlO]['’`´]|\p{Ll}{2}-)?\p{Lu}[\p{L}\p{M}'’`´]*(?:[-‐‑–]\p{L}[\p{L}\p{M}'’]*\.?)*-?$/u; // "J.A.Roe" too, and "Zhao- Qi" in files that draw a space there
const SUFFIX = /,?\s?(?:Jr\.?|Sr\.?|I{2,3}|IV)$/u;

/** Words that stand in institutions, places, notes and headings, and in no name. */
const NO_NAME =
  /(?<![\p{L}-])(?:universit\p{L}*|universid\p{L}*|universi\p{L}+|institut\p{L}*|istituto|department|dept|d[ée]partement|departamento|dipartimento|laborator\p{L}*|labs?|school|college|facult\p{L}*|fakult\p{L}*|centre|center|centro|zentrum|hospital\p{L}*|klinik\p{L}*|clinic\p{L}*|academ\p{L}*|inc|ltd|llc|gmbh|corp\p{L}*|company|research\p{L}*|division|foundation|ministry|museum|agency|observator\p{L}*|national|international|technolog\p{L}*|sciences?|engineering|medicine|medical|health|physics|mathematics|chemistry|biology|computer|computing|informatics|information|systems?|networks?|group|team|consortium|collaboration|society|association|organi[sz]ation|council|road|avenue|abstract|summary|introduction|keywords?|article|journal|proceedings|conference|workshop|symposium|volume|issue|received|accepted|published|submitted|revised|available|online|correspond\p{L}*|authors?|editors?|edited|reviewed|reviewers?|email|e-mail|tel|fax|phone|copyright|license|open|access|software|review|repository|archive|doi|preprint|manuscript|version|supplement\p{L}*|equal\p{L}*|contribut\p{L}*|usa|uk|china|germany|italy|spain|japan|canada|brazil|australia|republic|kingdom|netherlands|switzerland|poland|russia|sweden|norway|denmark|finland|austria|belgium|data|learning|analysis|methods?|theory|original|report|letter|communication|paper|thesis|dissertation|ieee|acm)(?![\p{L}])/iu;

/** Small words of sentences and of institutions' names; "An", "To" and "The" are given names where they begin large. */
const SMALL_WORD =
  /(?<![\p{L}-])(?:the|of|for|in|on|at|with|from|to|this|these|an|is|are|was|were|we|our|by|as|or)(?![\p{L}])/u;

const SMALL_CAPITALS = /(?<![\p{L}-])(?:THE|OF|FOR|ON|IN|WITH|AND|FROM)(?![\p{L}-])/u;

const isNoName = (text: string): boolean => NO_NAME.test(text) || SMALL_WORD.test(text) || SMALL_CAPITALS.test(text);

/** Whether the text, without marks, is the name of a person as papers print it; "Roe, Jane" as well. */
export function isName(text: string): boolean {
  const name = text.trim().replace(SUFFIX, '');
  if (name.length < 4 || name.length > 60 || isNoName(name)) return false;
  const words = name.replace(/^([^,]+), ([^,]+)$/u, '$1 $2').split(' ');
  const first = words[0] as string;
  const isWhole = words.length >= 2 || /^(?:\p{Lu}\p{Ll}{0,2}\.)+\p{Lu}\p{L}/u.test(first);
  return (
    isWhole &&
    words.length <= 7 &&
    words.every(isNameWord) &&
    words.some((word) => WORD.test(word) && word.replace(/[^\p{L}]/gu, '').length > 1) &&
    !PARTICLE.test(first) &&
    !PARTICLE.test(words.at(-1) as string)
  );
}

const isNameWord = (word: string): boolean => INITIALS.test(word) || WORD.test(word) || PARTICLE.test(word);

const MAX_PART = 5; // words

/** Words that may be half of a name which is broken over two lines. */
export const isNamePart = (text: string): boolean => {
  const words = text.trim().split(' ');
  return words.length <= MAX_PART && words.every(isNameWord) && !isNoName(text);
};

export const isInstitution = (text: string): boolean =>
  /(?<![\p{L}])(?:universit\p{L}*|universid\p{L}*|institut\p{L}*|istituto|department|dept|d[ée]partement|departamento|dipartimento|laborator\p{L}*|labs?|school|college|facult\p{L}*|fakult\p{L}*|centre|center|centro|zentrum|hospital\p{L}*|klinik\p{L}*|clinic|academ\p{L}*|inc|ltd|llc|gmbh|corp\p{L}*|division|foundation|ministry|museum|agency|observator\p{L}*|research)(?![\p{L}])/iu.test(
    text,
  );

const SYMBOL = '[?*∗⁎†‡§¶‖∥#$✉♯◦⁂\\p{So}\\p{Sm}]'; // of any kind: suits of cards, boxes, arrows
const GREEK = '(?<=\\p{Script=Latin}|\\p{Script=Greek})[α-ω]';
const MARK = `(?:${RAISED}+|\\^[\\d*]{1,2}\\^?|\\^(?!.)|\\d{1,2}(?!\\d)|${SYMBOL}|${GREEK}|[''′″]{1,2}$)`;
const TRAILING_MARKS = new RegExp(`(?:[\\s,;⁻⁺–-]*(?:${MARK}))+[\\s,;]*$`, 'u');
const LEADING_MARKS = new RegExp(`^(?:[\\s,]|${RAISED}|${SYMBOL})+`, 'u');
const ANY_MARK = new RegExp(`${RAISED}|[*∗†‡§¶]|[\\p{So}\\p{Sm}]`, 'u');
const LONE_MARKS = new RegExp(`^(?:\\s|,|${MARK}|[a-h](?![\\p{L}]))+$`, 'u');
const LOOSE_LETTERS = /(?<=\p{L}{2}[\p{L}.]*)\s[a-z](?:(?: ?, ?| )[a-z])*$/u; // "Jane Doe a b": letters of affiliations

const DEGREES =
  /(?:(?:,\s*|\s+)(?:Ph\.?\s?D\.?|MD|M\.D\.|M\.?Sc\.?|B\.?Sc\.?|M\.?P\.?H\.?|D\.?Phil\.?|MBBS|MBChB|PharmD|FRCP|FRCS|(?:(?:Senior|Student|Graduate Student|Associate|Life)\s+)?(?:Member|Fellow),?\s+(?:IEEE|ACM|OSA|SPIE|AIAA))|,\s*(?:M\.\s?D\.|M\.\s?A\.|B\.\s?A\.|M\.\s?S\.|Dr\.?\s?(?:rer|med)\.[\w. ]*|R\.?N\.?|DVM|MBA|MS|MA|MPhil|LL\.?M\.?|Esq\.?)(?!\s*\p{Lu}\p{Ll}))(?![\p{Lu}\p{Ll}])/gu;
const TITLES =
  /^(?:by\s+|By\s+|BY\s+|and\s+|AND\s+|&\s*|Authors?:\s*|\d(?:st|nd|rd|th|ˢᵗ|ⁿᵈ|ʳᵈ|ᵗʰ)\s+|(?:(?:Prof|Dr|Mr|Mrs|Ms|Ing|Dipl)\.(?:-Ing\.?)?|Professor|Doctor)\s*)+/u;
const ORCID_SIGN =
  /\s*(?:\b(?:iD|ID|orcid|ORCID)(?![\p{L}])|\bi D\b|(?:https?:\/\/)?orcid\.org\/[\dX-]+|\(?\d{4}-\d{4}-\d{4}-\d{3}[\dX]\)?)\s*/gu;

const SEPARATOR =
  /\s*(?:[;·•|∙⋅，、]|,(?!\s*(?:Jr|Sr|I{2,3})\b)|\s(?:and|und|et|y|e)\s(?=\s*\p{Lu})|\s&\s|\sAND\s|^(?:and|AND|&)\s|\s(?:and|AND|&)$)\s*/gu;

/** Whether marks of affiliations stand in the text. */
export const hasMarks = (text: string): boolean => ANY_MARK.test(text);

/** Splits a list at its commas, dots and "and". The pieces may be names, lone marks or anything else. */
export function splitList(list: Stretch): Stretch[] {
  if (isInverted(list.text)) return splitAt(list, /\s*;\s*/g);
  const bare = { ...list, text: list.text.replace(DEGREES, (degree) => ' '.repeat(degree.length)) };
  return splitAt(bare, SEPARATOR).flatMap(splitAtMarks);
}

function splitAt(list: Stretch, separator: RegExp): Stretch[] {
  const pieces: Stretch[] = [];
  let start = 0;
  for (const match of list.text.matchAll(separator)) {
    pieces.push(part(list, start, match.index));
    start = match.index + match[0].length;
  }
  pieces.push(part(list, start, list.text.length));
  return pieces.filter(({ text }) => text.trim() !== '');
}

/** "Roe, Jane; Public, John Q.": the comma belongs to the name, the semicolon parts them. */
function isInverted(text: string): boolean {
  const names = text.split(';').filter((name) => name.trim() !== '');
  return (
    names.length > 1 &&
    names.every((name) => /^\s*[^,]+,\s[^,]+$/.test(name) && name.split(',').every((half) => isNamePart(half)))
  );
}

/** "Jane Doe¹ John Smith²": marks part names where commas are missing. */
function splitAtMarks(piece: Stretch): Stretch[] {
  const boundary = new RegExp(`(?:${RAISED}|${SYMBOL})\\s+(?=\\p{Lu}\\p{L}+\\.?\\s\\p{Lu})`, 'u').exec(piece.text);
  if (!boundary) return [piece];
  const at = boundary.index + boundary[0].length;
  return [part(piece, 0, at), ...splitAtMarks(part(piece, at, piece.text.length))];
}

export interface ReadPiece {
  name: string; // empty for lone marks
  marks: string[];
  before: string[]; // marks in front of it: of the name before, where the comma stands between ("Jane Roe,ᵃ John Doe")
  start: number; // of the name within the piece's text
}

/**
 * One piece of a list: the name without what is around it. `keys` are the letters that the affiliations begin with, for
 * papers whose raised letters are glued to the names.
 */
export function readPiece(text: string, keys: ReadonlySet<string> = new Set()): ReadPiece {
  if (LONE_MARKS.test(text)) return { name: '', marks: marksOf(text), before: [], start: 0 };
  const leading = LEADING_MARKS.exec(text)?.[0] ?? '';
  const lead = leading.length;
  let name = text.slice(lead);
  name = name
    .replace(ORCID_SIGN, ' ')

    .trimEnd();
  const titles = (TITLES.exec(name)?.[0] ?? '').length;
  name = name
    .slice(titles)
    .replace(/\s*\((?:✉|B|\*|)\)\s*$/u, '')
    .trimEnd();
  let marks: string[] = [];
  const take = (pattern: RegExp): void => {
    const found = pattern.exec(name);
    if (!found) return;
    marks = [...marksOf(found[0]), ...marks];
    name = name.slice(0, found.index).trimEnd();
  };
  take(TRAILING_MARKS);
  take(LOOSE_LETTERS);
  take(TRAILING_MARKS);
  if (
    keys.size > 0 &&
    /\p{Ll}\p{Ll}$/u.test(name) &&
    keys.has(name.slice(-1)) &&
    marks.every((mark) => !/\d/.test(mark))
  ) {
    marks = [name.slice(-1), ...marks];
    name = name.slice(0, -1);
  }
  const start = lead + titles + (/^\s*/.exec(name)?.[0].length ?? 0);
  return {
    name: name
      .replace(/\s+/g, ' ')
      .replace(/(?<=\p{L})-\s(?=\p{L})/gu, '-')
      .replace(/[\s,.:]+$/u, (end) =>
        /\p{Lu}\.$/u.test(name) || /(?:Jr|Sr)\.$/.test(name) ? end.trim().slice(0, 1) : '',
      )
      .trim(),
    marks,
    before: marksOf(leading),
    start,
  };
}

function marksOf(text: string): string[] {
  return (plainFigures(text).match(/\d{1,2}|[a-z]|[^\s,;\d()\p{L}–-]/gu) ?? []).map((mark) =>
    mark === '∗' || mark === '⁎' ? '*' : mark,
  );
}

/** Every name of a list, in order, lone marks given to the name before them. */
export function namesOf(list: Stretch, keys: ReadonlySet<string> = new Set()): PrintedName[] {
  const names: PrintedName[] = [];
  for (const piece of splitList(list)) {
    const { name, marks, before, start } = readPiece(piece.text, keys);
    names.at(-1)?.marks.push(...before);
    if (name === '') names.at(-1)?.marks.push(...marks);
    else if (isName(name)) {
      const end = endOfName(piece.text, name, start);
      names.push({ name, marks, ...spanIn(piece, start, end) });
    }
  }
  return names;
}

/** The name may have lost a degree or a double space on its way: find its last word. */
function endOfName(text: string, name: string, start: number): number {
  const last = name.split(' ').at(-1) ?? name;
  const at = text.indexOf(last, start + Math.max(0, name.length - last.length - 2));
  return at < 0 ? text.length : at + last.length;
}
