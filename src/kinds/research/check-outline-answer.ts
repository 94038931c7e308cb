/**
 * The answer to an OUTLINE_APPROVAL request: the proposal as it is, or edited. Sections may be renamed, reordered,
 * removed or added; `evidence` of a section is kept when it comes back and found by its heading when it does not.
 * `{"approve": true}` takes the proposal as it stands.
 */
import { z } from 'zod';
import { badInput } from '../../platform/errors.js';
import type { InputRequest } from '../../runs/input-request.entity.js';

const MAX_EVIDENCE_IDS = 100; // more than an outline ever proposes for a section

const text = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .transform((value) => value.replace(/\s+/gu, ' '));

const OutlineAnswer = z.object({
  title: text(200).optional(),
  sections: z
    .array(
      z.object({
        heading: text(120),
        facet: z.string().max(1_000).nullish(),
        evidence: z.array(z.string().max(64)).max(MAX_EVIDENCE_IDS).nullish(),
      }),
    )
    .min(1)
    .max(10),
});

/** What the draft stage reads: the sections to write, in order. */
export interface OutlineAnswer {
  title: string | null;
  sections: { heading: string; facet: string | null; evidence: string[] | null }[];
}

/** Normalises an answer; BAD_INPUT says which field is wrong and what it takes. */
export function checkOutlineAnswer(answer: unknown, request: Pick<InputRequest, 'proposal'>): OutlineAnswer {
  const approved = z.strictObject({ approve: z.literal(true) }).safeParse(answer).success;
  const parsed = OutlineAnswer.safeParse(approved ? request.proposal : answer);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw badInput(
      `The outline cannot be used: ${issue?.path.join('.') || 'answer'}: ${issue?.message ?? 'wrong form'}. Send the proposal back, edited or as it is, or {"approve": true}.`,
      { field: issue?.path.join('.') ?? '' },
    );
  }
  const headings = parsed.data.sections.map((section) => section.heading.toLowerCase());
  if (new Set(headings).size < headings.length)
    throw badInput('Two sections have the same heading. Give each its own.');
  return {
    title: parsed.data.title ?? null,
    sections: parsed.data.sections.map(({ heading, facet, evidence }) => ({
      heading,
      facet: facet ?? null,
      evidence: evidence ?? null,
    })),
  };
}
