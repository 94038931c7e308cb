/**
 * A draft with a model's help: which sentences of each section to print. For each it names the passage and copies the
 * quote; code finds the quote in the bytes of that passage, and with it the sentence of the source it is part of. Its
 * wording stands where it says what that whole sentence says (check-fidelity) with nothing added, not even a sign; in any
 * other case the sentence is printed as the source has it. A quote that is not where it is said to be is dropped.
 *
 * So the model can choose; it cannot assert. Receipts, attribution, corroboration and citations are made as without one.
 */
import { z } from 'zod';
import { CALL_SIZES } from '../../../../src/kinds/research/model-config.js';
import { checkFidelity } from '../../writer/check-fidelity.js';
import type { Draft } from '../../writer/draft-shape.js';
import type { EvidenceSnippet } from '../../writer/evidence-snippet.js';
import { type Outline, type OutlineSection, readEvidence } from '../../writer/outline.js';
import type { RankedSentence } from '../../writer/rank-sentences.js';
import { readAssertion } from '../../writer/stance.js';
import { composePrompt } from '../ask-structured.js';
import { fitData } from './fit-data.js';

export const SentenceChoice = z.object({
  sections: z
    .array(
      z.object({
        heading: z.string().max(200),
        sentences: z
          .array(
            z.object({
              text: z.string().max(600),
              passage: z.string().max(16),
              quote: z.string().min(8).max(1_500),
            }),
          )
          .max(12),
      }),
    )
    .max(12),
});
export type SentenceChoice = z.output<typeof SentenceChoice>;

const TASK =
  'Choose what to print under each heading to answer the question: at most six sentences a section, in reading order, those that answer ' +
  'best and do not repeat each other. Each names the passage it is from and the sentence of that passage copied character by character as ' +
  'the quote; the text is the same sentence, without an opening such as "However," and without markers such as [12]. Keep the headings as they are.';

interface Choosable {
  section: number;
  sentence: RankedSentence;
}

/** What the model is asked; `schema` checks its answer. */
export function sentenceQuestion(outline: Outline, snippets: readonly EvidenceSnippet[]) {
  const { question, sections } = outline;
  const passages = passageNames(snippets);
  const ranked = readEvidence(question, snippets).ranked; // best first, so that the least of all are left out first
  const items = ranked.flatMap((sentence): Choosable[] => {
    const section = sections.findIndex(({ evidence }) => evidence?.includes(sentence.id));
    return section < 0 ? [] : [{ section, sentence }];
  });
  const toData = (list: readonly Choosable[]) => ({
    question,
    sections: sections.map(({ heading }, index) => ({
      heading,
      sentences: list
        .filter(({ section }) => section === index)
        .map(({ sentence }) => ({ passage: passages.get(sentence.snippet.snippetId) ?? '', quote: sentence.quote })),
    })),
  });
  const toPrompt = (data: unknown) => composePrompt({ task: TASK, data }, z.toJSONSchema(SentenceChoice));
  return {
    task: TASK,
    data: fitData(items, toData, toPrompt, CALL_SIZES.draft.promptBytes),
    schema: SentenceChoice,
    schemaName: 'sentences',
  };
}

export interface CheckedChoice {
  /** The outline, each section with the sentences chosen for it. */
  outline: Outline;
  /** Sentence id → the model's wording, where it holds. */
  wording: ReadonlyMap<string, string>;
  /** Sentences whose wording holds, those printed as the source has them, and those that nothing stands behind. */
  counts: { worded: number; quoted: number; dropped: number };
}

/** Checks each sentence of the choice; null when no section is left with two. */
export function checkChoice(
  outline: Outline,
  choice: SentenceChoice,
  snippets: readonly EvidenceSnippet[],
): CheckedChoice | null {
  const { ranked } = readEvidence(outline.question, snippets);
  const passages = new Map(Array.from(passageNames(snippets), ([snippetId, name]) => [name, snippetId]));
  const byId = new Map(snippets.map((snippet) => [snippet.snippetId, snippet]));
  const counts = { worded: 0, quoted: 0, dropped: 0 };
  const wording = new Map<string, string>();
  let chosen = 0;
  const sections = outline.sections.map((section): OutlineSection => {
    const proposed = choice.sections.find(({ heading }) => heading === section.heading)?.sentences ?? [];
    const ids = new Set<string>();
    for (const { text, passage, quote } of proposed) {
      const sentence = locate(quote, byId.get(passages.get(passage) ?? ''), ranked);
      if (!sentence || !section.evidence?.includes(sentence.id)) counts.dropped += 1;
      else if (!ids.has(sentence.id)) {
        ids.add(sentence.id);
        const holds = saysTheSame(text, sentence);
        if (holds) wording.set(sentence.id, text.trim());
        counts[holds ? 'worded' : 'quoted'] += 1;
      }
    }
    if (ids.size < 2) return section;
    chosen += 1;
    return { ...section, evidence: [...ids] };
  });
  return chosen === 0 ? null : { outline: { ...outline, sections }, wording, counts };
}

/** The draft with the model's wording in place of the writer's; nothing but the text of a claim changes. */
export const withWording = (
  draft: Draft,
  wording: ReadonlyMap<string, string>,
  ranked: readonly RankedSentence[],
): Draft => ({
  ...draft,
  claims: draft.claims.map((claim) => {
    const [origin] = claim.receipts;
    const sentence = ranked.find(
      ({ snippet, startOffset, endOffset }) =>
        snippet.snapshotId === origin?.snapshotId &&
        startOffset === origin.startOffset &&
        endOffset === origin.endOffset,
    );
    const text = claim.attributed || !sentence ? undefined : wording.get(sentence.id);
    return text === undefined ? claim : { ...claim, text };
  }),
});

/** p1, p2 …: an id is thirty-six characters that a model would have to copy. */
const passageNames = (snippets: readonly EvidenceSnippet[]): Map<string, string> =>
  new Map([...snippets.map((snippet) => snippet.snippetId)].sort().map((id, index) => [id, `p${index + 1}`]));

/** The sentence the quote is part of, by where its bytes stand in the snapshot. */
function locate(
  quote: string,
  snippet: EvidenceSnippet | undefined,
  ranked: readonly RankedSentence[],
): RankedSentence | undefined {
  const at = snippet?.text.indexOf(quote) ?? -1;
  if (!snippet || at < 0) return undefined;
  const start = snippet.startOffset + Buffer.byteLength(snippet.text.slice(0, at));
  const end = start + Buffer.byteLength(quote);
  return ranked.find(
    (sentence) =>
      sentence.snippet.snapshotId === snippet.snapshotId && sentence.startOffset <= start && sentence.endOffset >= end,
  );
}

/** Faithful to the quote, no sign the quote has not, and the same to every check that compares sentences. */
function saysTheSame(text: string, sentence: RankedSentence): boolean {
  const trimmed = text.trim();
  if (sentence.attributed || !/^\p{Lu}.*[.!?]$/u.test(trimmed)) return false;
  const signs = (value: string) => value.replace(/[\p{L}\p{M}\p{N}\s]/gu, '');
  if ([...signs(trimmed)].some((sign) => !sentence.quote.includes(sign))) return false;
  return checkFidelity(trimmed, sentence.quote).faults.length === 0 && sameAssertion(trimmed, sentence.text);
}

/** Then they stand alike to any other sentence, so that no verdict can come out otherwise. */
function sameAssertion(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => {
    const { terms, up, down, ...rest } = readAssertion(text);
    return JSON.stringify({ ...rest, terms: [...terms].sort(), up: [...up].sort(), down: [...down].sort() });
  });
  return left === right;
}
