/**
 * What a question asks, read without a model: its clauses ("facets"), what kind of answer each wants, and the terms an
 * answer must speak of. Words of asking ("what", "role", "important") carry no subject and are left out, otherwise every
 * library would seem to know something about everything.
 */
import { tokenize } from '../../../src/evidence/tokenize.js';

export const FACET_KINDS = [
  'DEFINITION',
  'MECHANISM',
  'REASON',
  'COMPARISON',
  'QUANTITY',
  'LIMITS',
  'TIME',
  'PERSON',
  'OPINION',
  'TOPIC',
] as const;
export type FacetKind = (typeof FACET_KINDS)[number];

export interface Facet {
  /** The clause in the asker's words, without the question mark. */
  text: string;
  kind: FacetKind;
  /** Content terms (see contentTerms), distinct, in order. */
  terms: string[];
  /** What "its" or "they" in the clause stands for: the terms of the clause before; empty when it names its own subject. */
  about: string[];
}

export interface Question {
  text: string;
  facets: Facet[];
  /** Content terms of the whole question, distinct, in order. */
  terms: string[];
  /** Stem → the asker's own word, for messages. */
  surface: Record<string, string>;
}

const ASKING = new Set(
  tokenize(
    `explain describe discuss compare contrast list give tell summarize summarise review overview show mean means meaning
     difference differences between versus role kind kinds type types way ways example examples important importance
     good bad better best make makes made use used uses using work works exist exists existing available happen happens affect affects effect effects
     know known say says said see sees seen look looks show evidence question answer people researchers often many much get need needs help helps
     does done think possible main key different various thing things really actually please about not no one two
     take taken takes taking took part start starts started starting begin began begins think thinks feel feels believe
     believes still ever enough cause causes caused understand understands understood face faces faced advantage advantages disadvantage disadvantages merit merits wrong flaw flaws flawed literature research studies study paper papers article articles library report reports far results result`,
  ),
);

const KINDS: ReadonlyArray<readonly [FacetKind, RegExp]> = [
  ['COMPARISON', /\b(?:compar\w+|versus|vs\.?|differ\w*|contrast|better than|worse than|rather than|trade-?offs?)\b/iu],
  [
    'LIMITS',
    /\b(?:limit\w*|weakness\w*|drawback\w*|risk\w*|pitfall\w*|problem\w*|criticis\w+|shortcoming\w*|fail\w*|challenge\w*|barriers?|obstacles?|difficult\w*|wrong|flaws?|flawed|disadvantages?|downsides?)\b/iu,
  ],
  [
    'QUANTITY',
    /\bhow (?!do|does|did|is|are|was|were|can|could|may|might|should|would|will|have|has|to|it|they)\p{L}+/iu,
  ],
  ['TIME', /^(?:when|since when|until when|(?:in|by) (?:what|which) year|what year|which year)\b/iu],
  ['PERSON', /^(?:who|whom|by whom)\b/iu],
  ['OPINION', /\b(?:think|feel|believe|perceive\w*|opinions?|attitudes?|satisfied|satisfaction)\b/iu],
  ['REASON', /\b(?:why|reason\w*|cause\w*|motivat\w*)\b/iu],
  ['DEFINITION', /^(?:what (?:is|are)|define|what does .* mean|what do(?:es)? (?:\S+ ){1,3}do)\b/iu],
  ['MECHANISM', /^(?:how|in what way|by what)\b/iu],
];

/** A clause starts anew where a second question word or an imperative follows a conjunction or a comma. */
const CLAUSE_BREAK =
  /\?\s+|;\s+|,?\s+and\s+(?=(?:what|how|why|when|where|which|who|does|do|is|are|can|should|explain|compare|describe)\b)|,\s+(?=(?:what|how|why|when|where|which|who)\b)/iu;

const MAX_FACETS = 5; // a report of at most six sections answers no more

/** Reads a question of any length up to what the API admits. A question without content terms has an empty list. */
export function readQuestion(text: string): Question {
  const clean = text.replace(/\s+/gu, ' ').trim();
  const clauses = clean
    .split(CLAUSE_BREAK)
    .map((clause) => clause.replace(/[?.!\s]+$/u, '').trim())
    .filter((clause) => clause.length > 0);
  const facets = clauses
    .map((clause, index) => ({
      text: clause,
      kind: kindOf(clause),
      terms: contentTerms(clause),
      about: PRONOUN.test(clause) ? contentTerms(clauses[index - 1] ?? '') : [],
    }))
    .filter((facet) => facet.terms.length > 0)
    .flatMap((facet) => (clauses.length === 1 ? splitComparison(facet) : [facet]))
    .flatMap((facet, _, all) => (all.length === 1 ? splitEnumeration(facet) : [facet]))
    .slice(0, MAX_FACETS);
  const surface: Record<string, string> = {};
  for (const [word] of clean.matchAll(/\p{L}[\p{L}\p{N}'’-]*/gu)) {
    for (const term of contentTerms(word)) surface[term] ??= word;
  }
  return { text: clean, facets, terms: contentTerms(clean), surface };
}

const PRONOUN = /\b(?:its?|they|them|their)\b/iu;

const kindOf = (clause: string): FacetKind =>
  KINDS.find(([kind, pattern]) => pattern.test(clause) && !(kind === 'LIMITS' && STRENGTHS.test(clause)))?.[0] ??
  'TOPIC';

/** Asked for beside weaknesses, they are not to be passed over. */
const STRENGTHS = /\b(?:strengths?|advantages?|benefits?|merits?|pros|opportunit(?:y|ies))\b/iu;

/**
 * Distinct terms that carry a subject. A hyphenated word is one term, its stems joined by "-": "self-attention" is not
 * spoken of by a sentence about self-paced courses.
 */
export function contentTerms(text: string): string[] {
  const terms = text.split(/[^\p{L}\p{N}'’.,-]+/u).map((word) => {
    const stems = tokenize(word);
    return stems.length === 1 && ASKING.has(stems[0] ?? '') ? '' : stems.join('-');
  });
  return [...new Set(terms)].filter((term) => term !== '');
}

/**
 * "How is uncertainty quantified in forecasts, projections and models": each member is a facet of its own, with what the rest
 * of the clause asks of it.
 */
function splitEnumeration(facet: Facet): Facet[] {
  const match =
    /((?:[\p{L}\p{N}@-]+\s){0,2}[\p{L}\p{N}@-]+(?:,\s(?:[\p{L}\p{N}@-]+\s){0,2}[\p{L}\p{N}@-]+)+),?\s(?:and|or)\s((?:[\p{L}\p{N}@-]+\s?){1,3})/u.exec(
      facet.text,
    );
  if (!match) return [facet];
  const rest = contentTerms(facet.text.replace(match[0], ' '));
  const members = [...(match[1] ?? '').split(/,\s/u), match[2] ?? '']
    .map((member) => member.trim().replace(/^(?:(?:in|of|on|for|with|by|to|from|between|about|the)\s)+/iu, ''))
    .map((text) => ({ text, kind: facet.kind, terms: contentTerms(text), about: facet.about }))
    .filter((member) => member.terms.length > 0)
    .map((member) => ({ ...member, terms: [...new Set([...member.terms, ...rest])] }));
  return members.length >= 2 ? members : [facet];
}

const COMPARED = [
  /^(?:please )?compare (?<left>.+?) (?:and|with|to|versus|vs\.?) (?<right>.+?)(?<rest> (?:in|for|on|at|regarding|when) .+)?$/iu,
  /\bdifferences? between (?<left>.+?) and (?<right>.+?)(?<rest> (?:in|with|for|on|at|regarding|when) .+)?$/iu,
  /^(?<left>.+?) (?:versus|vs\.?) (?<right>.+)$/iu,
];
const MAX_COMPARED_WORDS = 6;

/** "Compare A and B": the clause, and each of the two, so that the one of which more is written does not answer for both. */
function splitComparison(facet: Facet): Facet[] {
  for (const pattern of COMPARED) {
    const { left, right, rest = '' } = pattern.exec(facet.text)?.groups ?? {};
    const members = [left, right].flatMap((text): Facet[] =>
      text && text.split(' ').length <= MAX_COMPARED_WORDS
        ? [{ text, kind: 'TOPIC', terms: contentTerms(`${text}${rest}`), about: facet.about }]
        : [],
    );
    if (members.length === 2 && members.every(({ terms }) => terms.length > 0)) return [facet, ...members];
  }
  return [facet];
}
