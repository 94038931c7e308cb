/**
 * An outline with a model's help: which of the chosen sentences belong together, in what order, under which heading. It
 * chooses among sentences that are there and names them by id; whatever else it says is passed over. A proposal that
 * leaves out a clause of the question the plan answers, or half of its sentences, is not used at all: what the sources say
 * may be arranged by a model, not hidden.
 */
import { z } from 'zod';
import { CALL_SIZES } from '../../../../src/kinds/research/model-config.js';
import type { EvidenceSnippet } from '../../writer/evidence-snippet.js';
import { MAX_SECTIONS, MIN_SECTIONS, type Outline, type OutlineSection, readEvidence } from '../../writer/outline.js';
import { composePrompt } from '../ask-structured.js';
import { fitData } from './fit-data.js';
import { honestHeading } from './honest-heading.js';

export const OutlineProposal = z.object({
  sections: z
    .array(z.object({ heading: z.string().min(3).max(80), sentences: z.array(z.string().max(16)).max(40) }))
    .min(1)
    .max(MAX_SECTIONS),
});
export type OutlineProposal = z.output<typeof OutlineProposal>;

const TASK =
  `Plan a report that answers the question: ${MIN_SECTIONS} to ${MAX_SECTIONS} sections in the order a reader wants them, each with a short ` +
  'heading (a noun phrase made of words of its sentences, no claim, no number) and the ids of the sentences it should draw on, best first. ' +
  'Name each id once at most and use most of them.';

/** What the model is asked; `schema` checks its answer. */
export function outlineQuestion(planned: Outline, snippets: readonly EvidenceSnippet[]) {
  const texts = textsOf(planned, snippets);
  const sentences = planned.sections.flatMap(({ evidence }) =>
    (evidence ?? []).map((id) => ({ id, text: texts.get(id) ?? '' })),
  );
  const data = fitData(
    sentences,
    (list) => ({ question: planned.question, sentences: list }),
    (candidate) => composePrompt({ task: TASK, data: candidate }, z.toJSONSchema(OutlineProposal)),
    CALL_SIZES.outline.promptBytes,
  );
  return { task: TASK, data, schema: OutlineProposal, schemaName: 'outline' };
}

const SHARE_KEPT = 0.5; // of the plan's sentences

/** The plan with the proposal's sections; null when the proposal cannot be used. */
export function applyOutline(
  planned: Outline,
  proposal: OutlineProposal,
  snippets: readonly EvidenceSnippet[],
): Outline | null {
  const texts = textsOf(planned, snippets);
  const facetOf = new Map(
    planned.sections.flatMap(({ evidence, facet }) => (evidence ?? []).map((id) => [id, facet] as const)),
  );
  const used = new Set<string>();
  const sections: OutlineSection[] = [];
  for (const { heading: raw, sentences } of proposal.sections) {
    const ids = [...new Set(sentences)].filter((id) => facetOf.has(id) && !used.has(id));
    const heading = honestHeading(
      raw,
      ids.map((id) => texts.get(id) ?? ''),
      planned.question,
    );
    const taken = sections.some((section) => section.heading.toLowerCase() === heading?.toLowerCase());
    if (heading === null || taken || ids.length < 2) continue; // a section of one sentence is a remark
    for (const id of ids) used.add(id);
    sections.push({ heading, facet: mostFrequent(ids.map((id) => facetOf.get(id) ?? null)), evidence: ids });
  }
  const enough = sections.length >= Math.min(MIN_SECTIONS, planned.sections.length);
  const whole = used.size >= SHARE_KEPT * facetOf.size;
  const answered = planned.sections.every(({ facet }) => sections.some((section) => section.facet === facet));
  if (!enough || !whole || !answered) return null;
  const order = ({ facet }: OutlineSection) => planned.facets.findIndex((each) => each.text === facet);
  return { ...planned, sections: sections.sort((a, b) => order(a) - order(b)) };
}

function textsOf({ question }: Outline, snippets: readonly EvidenceSnippet[]): Map<string, string> {
  return new Map(readEvidence(question, snippets).ranked.map(({ id, text }) => [id, text]));
}

function mostFrequent<T>(values: readonly T[]): T {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] as T;
}
