/**
 * Citation marks in running text, in the forms papers use: "[3, 7–9]", "(12)", "(Li et al., 2015)", a raised number glued
 * to a word ("events3."), and the placeholders <|cit|>, <|multi_cit|>, <|other_cit|> by which collections of citing
 * sentences mark the citation in question; and pointers to figures and tables, whose numbers count nothing. They are no part of what a sentence says, and where they stand tells what is
 * cited for what.
 */

const BRACKETED = /\[\s*(?:<\|\w+\|>|\d{1,3})(?:\s*[,;–—-]\s*(?:<\|\w+\|>|\d{1,3}))*\s*\]/gu;
const PARENTHESISED = /\(\s*(?:refs?\.?\s*)?\d{1,3}(?:\s*[,;–—-]\s*\d{1,3})*\s*\)/gu;
const AUTHOR_YEAR = /\((?:[^()]*?\b(?:19|20)\d\d[a-z]?\s*(?:[,;][^()]*)?)\)/gu;
const RAISED = /(?<=\p{Ll}{3}[.,]?)\d{1,3}(?:\s?[,–-]\s?\d{1,3})*(?=[.,;:)]?(?:\s|$))/gu;
const POINTER = /\b(?:fig(?:ure)?s?|tables?|sections?|eqs?|equations?)\.?\s*S?\d+(?:\.\d+)*[a-z]?\b/giu;
const PLACEHOLDER = /\(?\s*<\|(?:cit|multi_cit|other_cit)\|>\s*\)?/gu;

/** The sentence without its citation marks and pointers. */
export function stripCitations(sentence: string): string {
  return [BRACKETED, PARENTHESISED, PLACEHOLDER, AUTHOR_YEAR, RAISED, POINTER]
    .reduce((rest, pattern) => rest.replace(pattern, ' '), sentence)
    .replace(/\s+([.,;:])/gu, '$1')
    .replace(/\s{2,}/gu, ' ')
    .trim();
}

export interface CitingClaim {
  /** What the citation stands for: the words between the citation before it and itself, or the sentence. */
  cited: string;
  /** The work is one of several cited together. */
  isJoint: boolean;
  /** Other citations in the sentence. */
  others: number;
}

const MARKED = /<\|(?:cit|multi_cit)\|>/u;
const MIN_CITED_WORDS = 5; // a shorter stretch ("and in mice [4]") takes its subject from what went before

/** Reads where and how the sentence cites the work in question. A sentence without a placeholder stands for itself. */
export function readCitingClaim(sentence: string): CitingClaim {
  const mark = MARKED.exec(sentence);
  const others = sentence.match(/<\|other_cit\|>/gu)?.length ?? 0;
  if (!mark) return { cited: sentence, isJoint: false, others };
  const before = sentence.slice(0, mark.index);
  const since = before.slice(before.lastIndexOf('<|other_cit|>') + 1);
  const stretch = since.replace(/^other_cit\|>|^<\|other_cit\|>/u, '');
  const cited = (stretch.match(/\p{L}{2,}/gu)?.length ?? 0) >= MIN_CITED_WORDS ? stretch : sentence;
  return { cited, isJoint: mark[0] === '<|multi_cit|>', others };
}
