/**
 * A draft of the sentences a model has chosen. It is used only where it is as good a report as the one without: well
 * formed, with every section, and not much shorter.
 */
import { isAppError } from '../../../../src/platform/errors.js';
import type { Draft } from '../../writer/draft-shape.js';
import type { EvidenceSnippet } from '../../writer/evidence-snippet.js';
import { type Outline, readEvidence } from '../../writer/outline.js';
import { validateDraft } from '../../writer/validate-draft.js';
import { writeDraft } from '../../writer/write-draft.js';
import { type CheckedChoice, checkChoice, type SentenceChoice, withWording } from './choose-sentences.js';

export interface ChosenDraft {
  draft: Draft;
  counts: CheckedChoice['counts'];
}

const SHARE_OF_CLAIMS = 0.5; // of those the draft has without a model

/** Null when the choice does not make a report. */
export function draftChoice(
  outline: Outline,
  plain: Draft,
  choice: SentenceChoice,
  snippets: readonly EvidenceSnippet[],
): ChosenDraft | null {
  const checked = checkChoice(outline, choice, snippets);
  const written = checked && tryWriting(checked.outline, snippets);
  if (!checked || !written) return null;
  const { ranked } = readEvidence(outline.question, snippets);
  const draft = withWording(written, checked.wording, ranked);
  const whole =
    draft.claims.length >= SHARE_OF_CLAIMS * plain.claims.length && draft.sections.length === plain.sections.length;
  return whole && validateDraft(draft, snippets).length === 0 ? { draft, counts: checked.counts } : null;
}

function tryWriting(outline: Outline, snippets: readonly EvidenceSnippet[]): Draft | null {
  try {
    return writeDraft(outline, snippets);
  } catch (error) {
    if (isAppError(error) && error.code === 'INSUFFICIENT_EVIDENCE') return null;
    throw error;
  }
}
