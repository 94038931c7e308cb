/**
 * Where the title of an entry ends. In quotes, at the closing one; else at the first mark after which what follows looks
 * like a place of publication.
 */
import type { ListStyle } from './list-style.js';
import { venueLikeness } from './venue.js';

export interface TitleAndRest {
  title: string | null;
  rest: string; // what follows: where and when it appeared
}

const ENOUGH = 0.6; // of likeness: the first end after which it is reached
const MIN_CHARS = 3;

/** `body` begins with the title. */
export function readTitle(body: string, style: ListStyle): TitleAndRest {
  const quoted = inQuotes(body);
  if (quoted) return quoted;
  const ends = titleEnds(body, style);
  let best: { at: number; score: number } | null = null;
  for (const { at, next, cost } of ends) {
    const score = venueLikeness(body.slice(next)) - cost;
    if (score >= ENOUGH) {
      best = { at, score };
      break;
    }
    if (score > (best?.score ?? -1)) best = { at, score };
  }
  const end = best?.at ?? body.length;
  const rest = body.slice(end).replace(/^[\s.,;:]+/, '');
  const title = body.slice(0, end).replace(/\s+(?:arXiv|[Ee]-?print)[\s:.]*$/, '');
  return {
    title: cleanTitle(rest === '' ? title.replace(/,\s(?:1[5-9]|20)\d\d[a-z]?[\s.]*$/, '') : title),
    rest: rest || (title.length < end ? body.slice(title.length).trim() : ''),
  };
}

const PAIRS: Record<string, string> = { '“': '”', '"': '"', '‘': '’', '«': '»', '„': '“', '”': '”', "'": "'" };

function inQuotes(body: string): TitleAndRest | null {
  const text = body.replace(/``/g, '“').replace(/''/g, '”');
  const open = /^[\s.,:]*(["“‘«„”'])/.exec(text);
  const close = open?.[1] && PAIRS[open[1]];
  if (!open || !close) return null;
  const start = open[0].length;
  for (let at = text.indexOf(close, start); at > 0; at = text.indexOf(close, at + 1)) {
    const after = text.slice(at + 1);
    const before = text.charAt(at - 1);
    const closes = /[.,?!]/.test(before) || /^\s*(?:[.,;:(]|in\b|In\b|$|\p{Lu}|\d)/u.test(after);
    if (!closes || (/[’']/.test(close) && /^\p{L}|^\s\p{Ll}/u.test(after))) continue;
    if (!/[.,?!]/.test(before) && /^\s?[:–—-]/.test(after)) return null; // the title goes on after the quoted words
    const title = cleanTitle(text.slice(start, at));
    return title && title.length >= MIN_CHARS ? { title, rest: after.replace(/^[\s.,;:]+/, '') } : null;
  }
  return null;
}

interface TitleEnd {
  at: number; // the mark's index; after it when it belongs to the title
  next: number; // where the rest begins
  cost: number;
}

const LIST_LIKE =
  /(?:\b(?:vs|cf|etc|al|e\.g|i\.e|approx|Dr|Mr|Mrs|Prof|St|Mt|No|Vol|Nr|Fig|sp|spp|subsp|var|ca|Jr|Sr|U\.S|U\.K|D\.C|Ed|Eds|Part|Pt|ver|v)|(?:^|[\s(])\p{Lu})\.$/u;

const ENUMERATION = /^\s*[\p{L}-]+(?: [\p{L}-]+)?,? (?:and|&|und|et|y) (?!\p{Lu}\.)/u; // "Emotion, Reason, and the Human Brain"

/** Where the title can end, in order: at full stops and the like, before "In", and at commas in lists that set commas. */
function titleEnds(body: string, style: ListStyle): TitleEnd[] {
  const ends: TitleEnd[] = [];
  const usesCommas = style.closing === ',' && !style.yearAfterAuthors;
  for (const match of body.matchAll(
    /[.?!]["”’)\]]*(?=\s|$)|,(?=\s)|;(?=\s)|\s(?=\(|\[)|[,\s](?= ?[Ii]n: )|(?<=\p{Ll})\.(?=\p{Lu}\p{Ll})/gu,
  )) {
    const mark = match[0].charAt(0);
    const at = match.index;
    const after = body.slice(at + match[0].length);
    if (at < MIN_CHARS || isInBrackets(body, at)) continue;
    if (mark === '.') {
      const isInitial = LIST_LIKE.test(body.slice(0, at + 1));
      const goesOn =
        /^\s*\p{Ll}/u.test(after) &&
        !/^\s*(?:arXiv|eLife|bioRxiv|medRxiv|npj|m[A-Z]|in\b|doi|https?|ed(?:ited)?\b|i[A-Z]|e[A-Z])/u.test(after);
      const endsInPart = /[.:,]\s(?:[IVX]{1,4}|\d)$/.test(body.slice(0, at));
      const isPart = /^\s*(?:(?:[IVX]{1,4}|\d{1,2})[.:]\s|Part\b|Vol(?:ume|\.)\s?\d)/.test(after);
      if (!goesOn)
        ends.push({ at, next: at + match[0].length, cost: (isInitial ? 0.3 : 0) + (isPart || endsInPart ? 0.4 : 0) });
    } else if (mark === '?' || mark === '!') {
      if (/^\s*(?:[\p{Lu}\d"“(]|$)/u.test(after)) ends.push({ at: at + 1, next: at + match[0].length, cost: 0 });
    } else if (mark === ',') {
      const cost = (usesCommas ? 0.05 : 0.45) + (ENUMERATION.test(after) ? 0.35 : 0);
      ends.push({
        at,
        next: at + 1,
        cost: cost + (/^\s\p{Ll}/u.test(after) && !/^\s(?:in|arXiv|eprint|e-print|vol|pp|ed)\b/u.test(after) ? 0.3 : 0),
      });
    } else if (mark === ';') ends.push({ at, next: at + 1, cost: 0.3 });
    else if (/^\(?In: /i.test(after.trimStart())) ends.push({ at, next: at + 1, cost: 0 });
    else if (/^\(\p{Lu}[^()]{2,60}(?::|, )[^()]{2,60}(?:, \d{4})?\)[\s.,]*(?:$|\d|\[|pp?\b|vol)/iu.test(after))
      ends.push({ at, next: at + 1, cost: 0.05 });
    else if (/^\((?:\p{Lu}\. ?(?:-\p{Lu}\. ?)*)+[^()]{2,200}\b[Ee]ds?[.;)]/u.test(after))
      ends.push({ at, next: at + 1, cost: -0.6 });
    else if (/^\[Internet\]|^\[Online\]/i.test(after)) ends.push({ at, next: at + 1, cost: -0.3 });
  }
  return ends;
}

/** A bracket before is still open, and closes later. */
function isInBrackets(body: string, at: number): boolean {
  const before = body.slice(0, at);
  const open = before.lastIndexOf('(');
  return open > before.lastIndexOf(')') && body.indexOf(')', at) > 0 && at - open < 120;
}

/** Without what a title is followed by: edition, medium, marks. Null when too little is left. */
export function cleanTitle(text: string): string | null {
  const clean = text
    .replace(/^[\s.,:;–—-]+/, '')
    .replace(
      /\s*\[(?:internet|online|abstract|in [A-Z]\w+|computer software|data ?set|software|article [^\]]*|PhD thesis|electronic resource)\]\s*$/i,
      '',
    )
    .replace(
      /\s*\((?:\d+(?:st|nd|rd|th) ed(?:ition|n)?\.?|(?:rev|revised)\.? ed\.?|Vol(?:s|ume)?\.? ?[\d–-]+[^)]*|pp?\. ?[\d–-]+)[^()]*\)\s*$/i,
      '',
    )
    .replace(/,? \d+(?:st|nd|rd|th) (?:rev\. )?(?:ed(?:ition|n)?)\.?$/i, '')
    .replace(/\s*\((?:version\b[^()]*|v?\d+\.[\d.]*|latest)\)\s*$/i, '')
    .replace(/[\s.,:;]+$/, '')
    .trim();
  return /\p{L}{2}/u.test(clean) ? clean : null;
}
