/**
 * A sentence taken apart once, to be compared with many: its stems, names, numbers with their units, and the words that
 * turn it round (negations), bound it (hedges) or give it a direction. Nothing here knows a subject; the lists are closed
 * lists of English. A text without words is an empty statement, which matches nothing.
 */
import { tokenize } from '../../../src/evidence/tokenize.js';
import { DIRECTIONS } from '../writer/wording.js';
import { countNegations, isNegation, type Quantity, quantities, words } from '../writer/words.js';
import { stripCitations } from './citation-marks.js';

export interface Statement {
  /** Without citation marks and pointers to figures. */
  text: string;
  /** Porter stems in order, with repeats, numbers included, stop words left out. */
  terms: readonly string[];
  termSet: ReadonlySet<string>;
  /** Neighbouring stems, "a b". */
  bigrams: ReadonlySet<string>;
  /** Stems of names: words with a capital inside, a digit beside letters, or all in capitals ("NLRP3", "miR-211"). */
  names: ReadonlySet<string>;
  quantities: readonly Quantity[];
  negations: number;
  /** Words such as "may", "suggest", "possibly". */
  hedges: number;
  directions: ReadonlySet<string>;
  /** The stems of `directions` and of the negations: what a statement says of its subject, not the subject. */
  directionStems: ReadonlySet<string>;
  /** The opposites of `directions`. */
  opposites: ReadonlySet<string>;
}

const OPPOSITES = new Map<string, string[]>();
for (const [up, down] of DIRECTIONS) {
  OPPOSITES.set(up, [...(OPPOSITES.get(up) ?? []), down]);
  OPPOSITES.set(down, [...(OPPOSITES.get(down) ?? []), up]);
}

const HEDGES =
  /\b(?:may|might|could|can|possibl[ey]|potential(?:ly)?|probabl[ey]|likely|perhaps|suggest(?:s|ed|ing)?|appears?|seems?|hypothes\w+|speculat\w+|putative|presum\w+|propos\w+|tend(?:s|ed)?|partly|partially|indicat\w+)\b/giu;
/** Names two groups and negates nothing. */
const BOTH_GROUPS = /\bwith (?:and|or|versus|vs\.?) without\b/giu;
const NAME = /^(?=.*\p{L})(?:.*\p{N}.*|.+\p{Lu}.*|\p{Lu}{2,}s?)$/u;
const PIECE = /[\p{L}\p{N}]+/gu;

/** Takes a sentence apart. */
export function readStatement(sentence: string): Statement {
  const text = stripCitations(sentence);
  const terms = tokenize(text);
  const list = words(text);
  const directions = list.map((word) => word.text).filter((word) => OPPOSITES.has(word));
  const pieces = Array.from(text.normalize('NFKC').matchAll(PIECE), ([piece]) => piece);
  return {
    text,
    terms,
    termSet: new Set(terms),
    bigrams: new Set(terms.slice(1).map((term, index) => `${terms[index]} ${term}`)),
    names: new Set(pieces.filter((piece) => NAME.test(piece)).flatMap((piece) => tokenize(piece))),
    quantities: quantities(text),
    negations: countNegations(list) - (text.match(BOTH_GROUPS)?.length ?? 0),
    hedges: text.match(HEDGES)?.length ?? 0,
    directions: new Set(directions),
    directionStems: new Set(tokenize([...directions, ...list.map((word) => word.text).filter(isNegation)].join(' '))),
    opposites: new Set(directions.flatMap((word) => OPPOSITES.get(word) ?? [])),
  };
}
