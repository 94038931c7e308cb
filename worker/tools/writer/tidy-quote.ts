/**
 * From a verbatim quote to a sentence that reads alone. Only three things are ever taken out: markup (Markdown emphasis
 * and link targets), citation markers of the source's own list ("[12]", "(see Table 2)"), and what ties the
 * sentence to the one before ("However,", "could therefore be"). Nothing is put in, reordered or replaced, apart from the capital letter and
 * the white space. `checkFidelity` holds a claim to exactly this, without sharing code with it.
 */
import { CONNECTIVES, DROPPABLE_OPENINGS } from './wording.js';

const LINE_BREAK_HYPHEN = /(\p{Ll})[-‐]\s*\n\s*(?=\p{Ll})/gu;
const SOURCE_MARKER = /(?:,(?=\s*\[[^\]]*\]\)))?\s*\[(?:e\.g\.,?\s*)?\^?\d{1,3}(?:\s*[-–,;]\s*\d{1,3})*\]/gu;
const ASIDE =
  /\s*\((?:see|cf\.|e\.g\.,?|see also)\s[^()]*\)|\s*\((?:e\.g\.\s*)?\[[^\]()]*\]\)|\s*\((?:Fig|Figs|Figure|Figures|Table|Tables|Section|Sect|Eq|Appendix)\b[^()]*\)/gu;
const LINK = /!?\[([^\]]*)\]\([^)\s]*(?:\s+"[^"]*")?\)/gu;

/** The quote as a sentence of the report. */
export function tidyQuote(quote: string): string {
  const plain = quote
    .replace(LINE_BREAK_HYPHEN, '$1')
    .replace(LINK, '$1')
    .replace(/(\*\*|__)(?=\S)(.+?)(?<=\S)\1/gu, '$2')
    .replace(/(?<![\p{L}\p{N}*])\*(?=[^\s*])([^*]+?)(?<=\S)\*(?![\p{L}\p{N}*])/gu, '$1')
    .replace(/(?<![\p{L}\p{N}_])_(?=[^\s_])([^_]+?)(?<=\S)_(?![\p{L}\p{N}_])/gu, '$1')
    .replace(/`([^`]+)`/gu, '$1')
    .replace(ASIDE, '')
    .replace(SOURCE_MARKER, '')
    .replace(/[\u00ad\u200b-\u200d\ufeff]/gu, '')
    .replace(/\s+/gu, ' ')
    .replace(/(?<=\p{L})\/ (?=\p{Ll})/gu, '/')
    .replace(/ ([.,;:])(?=\s|$)/gu, '$1')
    .trim();
  return dropConnective(dropOpening(plain));
}

const OPENING = new RegExp(
  `^(?:${[...DROPPABLE_OPENINGS].sort((a, b) => b.length - a.length).join('|')})([,:]?)\\s+`,
  'iu',
);
const BARE_OPENINGS = new Set(['note that', 'and', 'but', 'yet']); // dropped with or without a comma

function dropOpening(sentence: string): string {
  const match = OPENING.exec(sentence);
  if (!match) return sentence;
  const opening = match[0].trim().replace(/[,:]$/u, '').toLowerCase();
  if (match[1] === '' && !BARE_OPENINGS.has(opening)) return sentence;
  const rest = sentence.slice(match[0].length);
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

const TIE = CONNECTIVES.join('|');
const SET_OFF = new RegExp(`, (?:${TIE}), (?=\\p{L})`, 'giu');
/** In the first clause, where it can refer to nothing in the sentence itself: no comma stands before it. */
const EARLY = new RegExp(`^((?:[^\\s,;:()“”"]+ ){1,14}?)(?:${TIE}) (?=\\p{Ll})`, 'u');
/** "could therefore be", wherever it stands. */
const BETWEEN =
  /^(.{1,160}?\b(?:can|could|may|might|will|would|should|must|is|are|was|were|has|have) )(?:therefore|thus|hence|consequently) (?=\p{Ll})/u;
/** "and therefore", "not only … but also", "since … thus": there it belongs to the sentence. */
const BELONGS =
  /\b(?:and|but|or|not|that|which|who|so|as|than) $|\b(?:because|since|if|when|while|whereas|only|both|first)\b/iu;

function dropConnective(sentence: string): string {
  const plain = sentence.replace(SET_OFF, ' ');
  return [EARLY, BETWEEN].reduce((text, tie) => {
    const before = tie.exec(text)?.[1];
    return before === undefined || BELONGS.test(before) ? text : text.replace(tie, '$1');
  }, plain);
}
