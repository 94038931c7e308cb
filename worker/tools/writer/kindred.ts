/**
 * How far a sentence speaks of a term of the question: by the word itself, a word of the same root, or one of its kin. The
 * groups are closed lists of English that hold whatever the subject.
 */
import { tokenize } from '../../../src/evidence/tokenize.js';

/**
 * Words of scholarly English that answer one another, whatever the subject: a question about trust is answered by
 * reliability, "how old" by an age. Within a group any word may stand for any other, for less than the word itself.
 */
const KINDRED = [
  'trust trusted trustworthy reliable reliability valid validity credible robust robustness stable stability bias biased',
  'evaluate evaluated evaluation measure measured measurement assess assessed assessment judge judged judgments test tested',
  'effective effectiveness performance quality accuracy accurate accurately',
  'invent invented inventor introduce introduced propose proposed originate origin develop developed',
  'problem problems limitation limitations limit weakness drawback drawbacks fail failure bias barrier barriers challenge challenges obstacle lack',
  'improve improved improvement gain increase enhance benefit',
  'compare compared difference differences differ outperform correlate correlation agreement agree disagree',
  'change changes changed vary varies variation transition shift',
  'cost costs price expensive budget',
  'taught teach teaches teaching teacher course courses lecture lectures curriculum tutorial tutorials training education educational',
  'old age longevity lifespan live lives lived survive survival',
  'old older elderly aged ageing aging',
  'discover discovered discovery discovers detect detected detection observe observed observation document documented',
  'emit emits emitted emission',
  'strong stronger strongest robust competitive',
  'long length duration time',
  'fast speed rate velocity',
  'heavy weight mass',
  'tall height',
  'deep depth',
  'big large size',
  'often frequency rate prevalence',
].map((group) => [...new Set(tokenize(group))]);

const kindredOf = new Map<string, Set<string>>();
for (const group of KINDRED) {
  for (const term of group) {
    const kin = kindredOf.get(term) ?? new Set<string>();
    for (const other of group) if (other !== term) kin.add(other);
    kindredOf.set(term, kin);
  }
}

/** Says how things stand to each other, whatever the things: quality, cost, change. It makes no subject by itself. */
export const isRelation = (term: string): boolean => kindredOf.has(term);

const GENERIC = new Set(
  tokenize(`new old large small high low big common general modern recent current early total several major minor single
   real simple popular certain strong weak typical specific normal given overall`),
);

/** Describes things of any kind: it says nothing of which subject is meant. */
export const isGeneric = (term: string): boolean => GENERIC.has(term);

/** What a word of the same group counts for. */
const KINDRED_SHARE = 0.6;

const ROOT_CHARS = 6; // a shorter beginning is shared by words that have nothing in common
const MAX_ENDING_CHARS = 4;
/** What a word of the same root counts for: the stemmer leaves “reproduce” and “reproductive” apart. */
const ROOT_SHARE = 0.7;

function sharesRoot(left: string, right: string): boolean {
  const [short, long] = left.length < right.length ? [left, right] : [right, left];
  return (
    short.length >= ROOT_CHARS &&
    long.length - short.length <= MAX_ENDING_CHARS &&
    long.startsWith(short.slice(0, Math.max(ROOT_CHARS, short.length - 1)))
  );
}

/** What the last part of a compound counts for alone: heads are spoken of where multi-head attention is asked about. */
const HEAD_SHARE = 0.4;

/** How far a bag of stems speaks of a term: 1 with the term itself or every part of a compound, less with its kin or head. */
export function speaking(stems: ReadonlySet<string>, term: string): number {
  if (stems.has(term)) return 1;
  if (term.includes('-') && term.split('-').every((part) => stems.has(part))) return 1;
  for (const kin of kindredOf.get(term) ?? []) if (stems.has(kin)) return KINDRED_SHARE;
  if (term.length >= ROOT_CHARS) for (const stem of stems) if (sharesRoot(stem, term)) return ROOT_SHARE;
  return term.includes('-') && stems.has(term.slice(term.lastIndexOf('-') + 1)) ? HEAD_SHARE : 0;
}

export const speaksOf = (stems: ReadonlySet<string>, term: string): boolean => speaking(stems, term) > 0;
