/**
 * A second opinion: which passages of other sources a model takes to contradict a claim. It is advice, and changes no
 * verdict: it names a passage and copies its words, code finds them there, and what is found of another source and on the
 * claim's subject is told to whoever reads the timeline. What the claim's own quote says is not for a model to judge: that
 * has been compared word by word.
 */
import { z } from 'zod';
import { tokenize } from '../../../../src/evidence/tokenize.js';
import { CALL_SIZES } from '../../../../src/kinds/research/model-config.js';
import type { FactCheck } from '../../writer/check-facts.js';
import type { Draft, DraftClaim } from '../../writer/draft-shape.js';
import type { EvidenceSnippet } from '../../writer/evidence-snippet.js';
import { poolOf, readEvidence } from '../../writer/outline.js';
import type { RankedSentence } from '../../writer/rank-sentences.js';
import { composePrompt } from '../ask-structured.js';
import { fitData } from './fit-data.js';

export const Dissent = z.object({
  contradictions: z
    .array(z.object({ claim: z.string().max(16), passage: z.string().max(16), quote: z.string().min(8).max(1_500) }))
    .max(40),
});
export type Dissent = z.output<typeof Dissent>;

const TASK =
  'Name each pair of a claim and a passage that cannot both be true: same subject, same conditions, opposite or incompatible statements. ' +
  'Copy the contradicting sentence of the passage character by character as the quote. Different subjects, scopes or conditions are no ' +
  'contradiction. An empty list is a good answer.';

/** What the model is asked; `schema` checks its answer. */
export function dissentQuestion(draft: Draft, snippets: readonly EvidenceSnippet[]) {
  const claims = draft.claims.map(({ key, text }) => ({ claim: key, text }));
  const data = fitData(
    passagesOf(draft, snippets),
    (list) => ({ claims, passages: list.map(({ id, quote }) => ({ passage: id, quote })) }),
    (candidate) => composePrompt({ task: TASK, data: candidate }, z.toJSONSchema(Dissent)),
    CALL_SIZES.judge.promptBytes,
  );
  return { task: TASK, data, schema: Dissent, schemaName: 'dissent' };
}

export interface FoundDissent {
  claim: DraftClaim;
  quote: string;
  /** Title of the source the quote is from. */
  source: string;
}

const SHARED_TERMS = 3; // content words that claim and quote must have in common to be about one thing
const MAX_FOUND = 5; // a model that contradicts everything says nothing

/** Those of the model's pairs that hold: the quote stands there, in a source the claim does not rest on, unknown so far. */
export function checkDissent(
  draft: Draft,
  check: FactCheck,
  dissent: Dissent,
  snippets: readonly EvidenceSnippet[],
): FoundDissent[] {
  const passages = new Map(passagesOf(draft, snippets).map((sentence) => [sentence.id, sentence]));
  const found = dissent.contradictions.flatMap(({ claim: key, passage, quote }): FoundDissent[] => {
    const claim = draft.claims.find((candidate) => candidate.key === key);
    const sentence = passages.get(passage);
    if (!claim || !sentence?.quote.includes(quote)) return [];
    const receipts = check.claims.find((checked) => checked.key === key)?.receipts ?? [];
    const known = receipts.some((receipt) => receipt.snapshotSha256 === sentence.snippet.snapshotSha256);
    const terms = new Set(tokenize(claim.text));
    const shared = new Set(tokenize(quote).filter((term) => terms.has(term))).size;
    return known || shared < SHARED_TERMS
      ? []
      : [{ claim, quote: sentence.quote, source: sentence.snippet.sourceTitle }];
  });
  return [...new Map(found.map((each) => [`${each.claim.key}\n${each.quote}`, each])).values()].slice(0, MAX_FOUND);
}

/** The sentences a report could be written from, best first. */
const passagesOf = ({ question }: Draft, snippets: readonly EvidenceSnippet[]): RankedSentence[] =>
  poolOf(readEvidence(question, snippets).ranked);
