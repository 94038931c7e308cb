/** The year of publication: of a dated line of the front matter, never a number that only looks like one. */
import type { DocumentLayout } from '../../../documents/document-layout.js';

export interface FoundYear {
  value: number;
  score: number;
  basis: string;
}

const YEAR = '(?<!\\d-(?=\\d{4}-\\d))((?:19|20)\\d\\d)'; // no group of a book's number: 978-1-4503-1952-2
const FIRST = 1900;

interface Rule {
  pattern: RegExp;
  where: 'FRONT' | 'HEADER' | 'ANY';
  score: number;
  basis: string;
}

const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\\p{L}*\\.?';

/** From the surest to the least sure. */
const RULES: Rule[] = [
  {
    pattern: new RegExp(
      `\\b(?:latest published|published(?: online)?|publication date|date of publication|publié|publicado|veröffentlicht)\\b[^\\n]{0,40}?\\b${YEAR}\\b`,
      'iu',
    ),
    where: 'FRONT',
    score: 0.97,
    basis: 'the line of its publication date',
  },
  {
    pattern: new RegExp(`\\b(?:cite this|citation:|to cite|cite as)[\\s\\S]{0,400}?[(\\s]${YEAR}\\b`, 'iu'),
    where: 'ANY',
    score: 0.93,
    basis: 'the line on how to cite it',
  },
  {
    pattern: new RegExp(`(?:©|\\(c\\)|copyright|ß|Ó)\\s*(?:[\\p{L}.]+\\s){0,3}?${YEAR}\\b`, 'iu'),
    where: 'FRONT',
    score: 0.93,
    basis: 'the copyright line',
  },
  {
    pattern: new RegExp(
      `(?:\\b${YEAR}\\s*[,;:|]?\\s*(?:vol(?:ume)?\\.?\\s*)?\\d{1,4}\\s*[:(|,]|\\(${YEAR}\\)|\\b${MONTH}\\s+(?:\\d{1,2},\\s+)?${YEAR}\\b|\\b\\d{1,4}\\s*\\(\\d{1,3}\\)[^\\n]{0,30}${YEAR}|\\bvol(?:ume)?\\.?\\s*\\d+[^\\n]{0,40}\\b${YEAR}\\b)`,
      'iu',
    ),
    where: 'HEADER',
    score: 0.9,
    basis: 'the running header',
  },
  {
    pattern: new RegExp(
      `(?:\\b${MONTH}\\s+${YEAR}\\s*[,|]?\\s*vol|\\bvol(?:ume)?\\.?\\s*\\d+[^\\n]{0,60}\\b${YEAR}\\b|\\b(?:j\\.|journal|proc\\.|proceedings|trans\\.|transactions|lett\\.|rev\\.|sci\\.|z\\.)[^\\n]{0,80}[\\s(,]${YEAR}\\b)`,
      'iu',
    ),
    where: 'FRONT',
    score: 0.88,
    basis: "the journal's line",
  },
  {
    pattern: new RegExp(`\\b(?:ACM|IEEE|SIAM|USENIX|Symposium|Proceedings|Proc\\.)[^\\n]{0,60}?\\b${YEAR}\\b`, 'u'),
    where: 'FRONT',
    score: 0.8,
    basis: "the conference's line",
  },
  {
    pattern: new RegExp(
      `\\b(?:Conference|Workshop|Symposium|Meeting|Congress|CONFERENCE|[A-Z]{3,8}(?=[ ’'](?:\\d|’)))\\b[^\\n]{0,40}?[\\s'’(]${YEAR}\\b`,
      'u',
    ),
    where: 'FRONT',
    score: 0.75,
    basis: "the conference's line",
  },
  {
    pattern: new RegExp(`\\b(?:available online|accepted|revised)\\b[^\\n]{0,40}?\\b${YEAR}\\b`, 'iu'),
    where: 'FRONT',
    score: 0.75,
    basis: 'the date of acceptance',
  },
  {
    pattern: new RegExp(`\\b(?:received|submitted)\\b[^\\n]{0,40}?\\b${YEAR}\\b`, 'iu'),
    where: 'FRONT',
    score: 0.6,
    basis: 'the date of receipt',
  },
  {
    pattern: new RegExp(
      `^(?:[\\p{L}. ]{0,25},? )?(?:\\d{1,2}(?:st|nd|rd|th|\\.)? )?(?:${MONTH},? )?(?:\\d{1,2}(?:st|nd|rd|th)?,? )?${YEAR}\\.?$`,
      'imu',
    ),
    where: 'FRONT',
    score: 0.7,
    basis: 'a date of its own on the front page',
  },
];

const REFERENCES = /^(?:\W|\d)*(?:references|bibliography|literature cited)\W*$/i;
const MAX_CHARS = 900; // of a paragraph of front matter: longer ones are running text

/** `arxivId`: of the paper itself; its number begins with the year. */
export function findYear(
  layout: DocumentLayout,
  { arxivId, doi }: { arxivId: string | null; doi: string | null },
): FoundYear | null {
  const front = frontText(layout);
  const header = layout.furniture
    .map(({ text }) => text)
    .filter((text) => !/\barxiv:|download|accessed|printed (?:on|from)/i.test(text)) // dates of a copy, not of the paper
    .join('\n');
  const any = layout.paragraphs
    .map(({ text }) => text)
    .filter((text) => /\b(?:cite this|citation:|to cite|cite as)/i.test(text.slice(0, 300)));
  const texts = { FRONT: front, HEADER: header, ANY: any.join('\n') };
  const byLine = (rules: readonly Rule[]): FoundYear | null => {
    for (const { pattern, where, score, basis } of rules) {
      const value = latest(texts[where], pattern);
      if (value !== null) return { value, score: agrees(value, `${front}\n${header}`) ? score : score - 0.08, basis };
    }
    return null;
  };
  const printed = byLine(RULES.filter(({ score }) => score >= SURE)) ?? byArxivId(arxivId) ?? byLine(RULES);
  if (printed) return printed;
  const inDoi = /[./(-]((?:19|20)\d\d)[./)-]/.exec(doi ?? '')?.[1];
  return inDoi ? { value: Number(inDoi), score: 0.7, basis: 'a part of the DOI' } : null;
}

const SURE = 0.85; // lines that state when the paper appeared, rather than where it was sent

/** The number begins with year and month. */
function byArxivId(arxivId: string | null): FoundYear | null {
  const short = Number(/^(?:[a-z.-]+\/)?(\d\d)\d\d/i.exec(arxivId ?? '')?.[1] ?? NaN);
  if (Number.isNaN(short)) return null;
  return { value: short + (short > 90 ? 1900 : 2000), score: 0.9, basis: 'the arXiv number' };
}

/** Sentences: what they date is not the paper. */
function isProse(text: string): boolean {
  const words = text.match(/\p{L}+/gu) ?? [];
  return (
    words.length > 60 &&
    words.filter((word) => /^\p{Ll}/u.test(word)).length > 0.7 * words.length &&
    !/©|copyright|published/i.test(text)
  );
}

/** The front matter without running text: short paragraphs of the first page, those with dates of the second. */
function frontText({ paragraphs }: DocumentLayout): string {
  const end = paragraphs.findIndex(({ text }) => REFERENCES.test(text));
  return paragraphs
    .slice(0, end < 0 ? undefined : end)
    .filter(
      ({ lines, text, role }) =>
        (lines[0]?.page ?? 1) <= 1 &&
        text.length < MAX_CHARS &&
        role !== 'CAPTION' &&
        !isProse(text) &&
        !/^\[\d+\]/.test(text),
    )
    .slice(0, 120)
    .map(({ lines, text }) => (lines.length > 0 ? lines.map((line) => line.text).join('\n') : text))
    .join('\n\n');
}

/** "First published 2014 … latest published 2015": the last that the line states. */
function latest(text: string, pattern: RegExp): number | null {
  const global = new RegExp(pattern.source, `${pattern.flags}g`);
  const years = [...text.matchAll(global)].map((match) => Number(match.slice(1).find((group) => group !== undefined)));
  const real = years.filter((year) => year >= FIRST);
  return real.length > 0 ? Math.max(...real) : null;
}

const agrees = (year: number, text: string): boolean => (text.match(new RegExp(`\\b${year}\\b`, 'g'))?.length ?? 0) > 1;
