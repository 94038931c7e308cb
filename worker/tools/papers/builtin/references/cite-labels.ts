/**
 * Marks that give labels: "[3, 7–9]", "[5]–[7]", "(3, 7)", raised figures, "[KB14]". Figures that are no citations look
 * the same: exponents, intervals, equation numbers; what stands before them tells.
 */
import { ascending, type CitationMark, type CitedEntry } from './citation-mark.js';
import { plainFigures } from './split-numbered.js';

export type LabelForm = 'BRACKETS' | 'PARENTHESES' | 'RAISED' | 'KEYS';

const LIST = String.raw`\d{1,4}(?:\s?[,;–—−‐-]\s?\d{1,4})*`;
const NOTE = String.raw`(?:,\s(?:and references therein|(?:p|pp|[Ss]ecs?|[Ss]ections?|[Cc]h|[Cc]haps?|[Cc]hapters?|[Tt]heorems?|[Tt]hm|[Ll]emma|[Pp]rop|[Ff]igs?|[Tt]ables?|[Aa]pp|[Ee]qs?|[Dd]ef|[Cc]or|§)\.?\s?[\w.,\s–-]{1,24}))?`;
const BRACKETS = new RegExp(
  String.raw`\[\s?(?:(?:[Ss]ee|e\.g\.,?|[Rr]efs?\.?|cf\.)\s)?${LIST}${NOTE}\s?\](?:\s?[–-]\s?\[\d{1,4}\])?`,
  'gu',
);
const PARENTHESES = new RegExp(String.raw`\(${LIST}\)`, 'gu');
const RAISED = /[⁰¹²³⁴-⁹]{1,3}(?:\s?[,–⁻‐-]\s?[⁰¹²³⁴-⁹]{1,3})*/gu;
const KEYS =
  /\[\s?(?:(?:[Ss]ee|e\.g\.,?|cf\.)\s)?(\p{Lu}[\p{L}+*]{0,14}:?\d{2,4}[a-z]?(?:[,;]\s?\p{Lu}[\p{L}+*]{0,14}:?\d{2,4}[a-z]?)*)(?:, [^\][]{1,30})?\s?\]/gu;

/** Before an interval, an index or an equation's number. */
const NO_BRACKET_AFTER = /(?:[∈=×±∩∪⊂→]|\b(?:interval|range|between|domain)s?)\s?$/u;
const NO_PARENTHESIS_AFTER =
  /(?:\b(?:[Ee]qs?|[Ee]quations?|[Ee]xpressions?|[Ff]ormulas?|[Cc]onditions?|[Ii]nequalit(?:y|ies)|[Ss]teps?|and|or|in|by|from|[Cc]ases?|[Ff]igs?|[Tt]ables?|of|to|n|N|p|r|t|F|df|CI)\.?|[∈=×±,(\d])\s?$|\p{L}$|^$/u;
const RAISED_AFTER = /(?:\p{L}{2}\p{Ll}|\p{Lu}{3,}|[.,;:)\]”"’'?!]|\p{Ll}[⁾)]|\d{4})\s?$/u;
const UNIT_BEFORE =
  /(?:^|[\s\d/·(.])(?:[kcmµμnd]?m|ft|in|yd|mi|km|s|sec|min|hr?|kg|mg|g|Hz|mol|year|day|deg|cell)\s?$/u;

const PATTERNS: Record<LabelForm, RegExp> = { BRACKETS, PARENTHESES, RAISED, KEYS };

export function marksOfLabels(text: string, form: LabelForm, entries: ReadonlyMap<string, CitedEntry>): CitationMark[] {
  return [...text.matchAll(PATTERNS[form])].flatMap((match) => {
    const before = text.slice(Math.max(0, match.index - 40), match.index);
    if (!mayCite(form, before, match[0])) return [];
    const labels =
      form === 'KEYS' ? (match[1] ?? '').split(/[,;]\s?/) : numbersIn(plainFigures(match[0]).replace(/⁻/g, '–'));
    if (labels.length === 0 || labels.length > MAX_LABELS) return [];
    const found = labels.flatMap((label) => entries.get(label)?.index ?? []);
    if (form !== 'KEYS' && form !== 'BRACKETS' && found.length < labels.length) return [];
    return [{ index: match.index, text: match[0], references: ascending(found) }];
  });
}

const MAX_LABELS = 60; // in one mark; a range over more is a range of something else

function mayCite(form: LabelForm, before: string, mark: string): boolean {
  if (form === 'BRACKETS') return !NO_BRACKET_AFTER.test(before) && !/\[\s?0/.test(mark);
  if (form === 'PARENTHESES') return !NO_PARENTHESIS_AFTER.test(before) && !/\(0/.test(mark);
  if (form === 'RAISED') return RAISED_AFTER.test(before) && !UNIT_BEFORE.test(before) && !/^⁰/.test(mark);
  return true;
}

/** "[3, 7–9]" → 3 7 8 9; "[5]–[7]" → 5 6 7. Empty when a range does not ascend. */
function numbersIn(mark: string): string[] {
  const list = mark
    .replace(/^[[(]\s?[^\d[]*/, '')
    .replace(/\]\s?([–-])\s?\[/, '$1')
    .replace(/,\s[^\d,][\s\S]*$/, '')
    .replace(/[\])\s]/g, '');
  const numbers: string[] = [];
  for (const part of list.split(/[,;]/)) {
    const [from = NaN, to = from] = part.split(/[–—−‐-]/).map(Number);
    if (!(to >= from) || to - from > MAX_LABELS) return [];
    for (let number = from; number <= to; number++) numbers.push(String(number));
  }
  return numbers;
}
