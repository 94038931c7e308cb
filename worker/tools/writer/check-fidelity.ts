/**
 * Does a claim say what its quote says, no more and no less? Decided word by word, without the drafting code: the
 * claim's words must be the quote's words in the quote's order, and only words inside a pointer ("[12]", "(see Table 2)", a
 * link's target), an opening connective or a connective such as "therefore" may be missing. Numbers with their units, negations and qualifiers are
 * then compared once more by themselves, so that a fault is named for what it is.
 */
import { CONNECTIVES, DROPPABLE_OPENINGS } from './wording.js';
import { countNegations, guardWords, isNegation, type Quantity, quantities, type Word, words } from './words.js';

export type FidelityFault = 'NUMBER_CHANGED' | 'NEGATION_CHANGED' | 'QUALIFIER_CHANGED' | 'WORDS_CHANGED';

export interface Fidelity {
  faults: FidelityFault[];
  /** One sentence a reader of the failure understands; empty when there is no fault. */
  explanation: string;
}

/** Compares a claim (attribution already taken off) with the quote it stands on. No faults: the claim is faithful. */
export function checkFidelity(claim: string, quote: string): Fidelity {
  const claimWords = words(claim);
  const quoteWords = words(quote);
  const droppable = droppableWords(quote, quoteWords);
  const kept = quoteWords.filter((_, index) => !droppable[index]);
  const faults: FidelityFault[] = [];
  const reasons: string[] = [];

  const foreign = missingQuantities(quantities(claim), quantities(quote));
  const lost = missingQuantities(quantities(textOf(quote, kept)), quantities(claim));
  if (foreign.length > 0 || lost.length > 0) {
    faults.push('NUMBER_CHANGED');
    reasons.push(
      foreign.length > 0
        ? `the claim says ${foreign.map(show).join(', ')}, which the quote does not`
        : `the claim leaves out ${lost.map(show).join(', ')}`,
    );
  }
  const claimGuards = guardWords(claimWords);
  const extra = without(claimGuards, guardWords(quoteWords));
  const gone = without(guardWords(kept), claimGuards);
  const turned = [...extra, ...gone].filter(isNegation);
  const bounded = [...extra, ...gone].filter((word) => !isNegation(word));
  if (turned.length > 0) {
    faults.push('NEGATION_CHANGED');
    reasons.push(`a negation was dropped or added (“${turned.join('”, “')}”)`);
  }
  if (bounded.length > 0) {
    faults.push('QUALIFIER_CHANGED');
    reasons.push(`a qualifier was dropped or added (“${bounded.join('”, “')}”)`);
  }
  const stray = firstStrayWord(claimWords, quoteWords, droppable);
  if (stray !== undefined) {
    faults.push('WORDS_CHANGED');
    reasons.push(stray);
  }
  return { faults, explanation: reasons.join('; ') };
}

const show = (quantity: Quantity) =>
  quantity.unit === '%' ? `${quantity.value}%` : `${quantity.value} ${quantity.unit}`.trim();

const missingQuantities = (wanted: Quantity[], present: Quantity[]): Quantity[] => {
  const pool = present.map((quantity) => quantity.value + (quantity.unit === '%' ? '%' : ''));
  return wanted.filter((quantity) => {
    const index = pool.indexOf(quantity.value + (quantity.unit === '%' ? '%' : ''));
    if (index >= 0) pool.splice(index, 1);
    return index < 0;
  });
};

const without = (list: string[], taken: string[]): string[] => {
  const pool = [...taken];
  return list.filter((item) => {
    const index = pool.indexOf(item);
    if (index >= 0) pool.splice(index, 1);
    return index < 0;
  });
};

const textOf = (quote: string, kept: readonly Word[]): string => {
  let text = '';
  let end = -1;
  for (const word of kept) {
    // The characters between two kept words stay when nothing was dropped between them: "12%" and "3.5 ms" stay whole.
    const between = end >= 0 ? quote.slice(end, word.start) : '';
    const shown = /[()[\]]/u.test(between) ? `${/^\s*%/u.test(between) ? '%' : ''} ` : between;
    text += shown + quote.slice(word.start, word.end);
    end = word.end;
  }
  return end >= 0 && quote.slice(end).trimStart().startsWith('%') ? `${text}%` : text;
};

/** Markers of the source's own list, pointers to its figures and sections, and targets of links: nothing that asserts. */
const ASIDES =
  /\]\([^)]*\)|\(?\[(?:e\.g\.,?\s*)?\^?\d[\d\s,;–-]*\]\)?|\((?:e\.g\.\s*)?\[[^\]()]*\]\)|\((?:see|cf\.|e\.g\.|Fig|Table|Sect|Eq|Appendix)[^()]*\)/gu;

function droppableWords(quote: string, quoteWords: readonly Word[]): boolean[] {
  const spans = Array.from(quote.matchAll(ASIDES))
    .filter((match) => countNegations(words(match[0])) === 0)
    .map((match) => [match.index, match.index + match[0].length] as const);
  const openingWords = openingLength(quoteWords);
  return quoteWords.map(
    (word, index) =>
      index < openingWords ||
      TIES.has(word.text) ||
      spans.some(([start, end]) => word.start >= start && word.end <= end),
  );
}

const TIES: ReadonlySet<string> = new Set(CONNECTIVES);
const OPENINGS = [...DROPPABLE_OPENINGS].map((opening) => opening.split(' ')).sort((a, b) => b.length - a.length);

const openingLength = (list: readonly Word[]): number =>
  OPENINGS.find((opening) => opening.every((word, index) => list[index]?.text === word))?.length ?? 0;

/** Aligns the claim with the quote, skipping droppable words; says what stands in the way where that fails. */
function firstStrayWord(
  claim: readonly Word[],
  quote: readonly Word[],
  droppable: readonly boolean[],
): string | undefined {
  // reach[i] is true when the claim's first i words account for the quote's words read so far.
  let reach = new Array<boolean>(claim.length + 1).fill(false);
  reach[0] = true;
  let furthest = 0;
  for (const [index, word] of quote.entries()) {
    const next = new Array<boolean>(claim.length + 1).fill(false);
    for (let matched = 0; matched <= claim.length; matched++) {
      if (!reach[matched]) continue;
      if (droppable[index]) next[matched] = true;
      if (claim[matched]?.text === word.text) {
        next[matched + 1] = true;
        furthest = Math.max(furthest, matched + 1);
      }
    }
    reach = next;
    if (!reach.includes(true)) {
      const said = claim[furthest]?.text;
      return said === undefined
        ? `the claim ends before the quote's “${word.text}”`
        : `the claim says “${said}” where the quote says “${word.text}”`;
    }
  }
  return reach[claim.length]
    ? undefined
    : `the claim goes on with “${claim[furthest]?.text ?? ''}” after the quote has ended`;
}
