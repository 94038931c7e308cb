/** Writes the draft: claims with receipts, and the report's own prose. The outline may have been edited by a person. */
import { type NewClaim, storeClaims } from '../../../src/claims/store-claims.js';
import type { OutlineAnswer } from '../../../src/kinds/research/check-outline-answer.js';
import { runSql } from '../../../src/platform/database/sql.js';
import { newId } from '../../../src/platform/ids.js';
import type { StageContext, StageResult } from '../../engine/stage.js';
import { sentenceQuestion } from '../../tools/model/editing/choose-sentences.js';
import { type ChosenDraft, draftChoice } from '../../tools/model/editing/draft-choice.js';
import type { Draft } from '../../tools/writer/draft-shape.js';
import { type ModelNote, modelSentences } from '../../tools/writer/model-note.js';
import type { Outline } from '../../tools/writer/outline.js';
import { writeDraft } from '../../tools/writer/write-draft.js';
import type { Drafted, Ingested, Outlined } from './checkpoints.js';
import { openConsultant } from './consult-model.js';
import { shownOutline } from './outline.js';

export async function draft(ctx: StageContext): Promise<StageResult> {
  const planned = await ctx.output<Outlined>('outline');
  const outline = edit(planned, await ctx.answer<OutlineAnswer>());
  const { snippets } = await ctx.output<Ingested>('ingest');
  ctx.signal.throwIfAborted();
  const { draft: written, model } = await write(ctx, outline, snippets);
  ctx.progress({
    done: written.claims.length,
    total: written.claims.length,
    unit: 'claims',
    message: `${written.claims.length} sentences quoted from ${written.sources.length} sources.`,
  });
  const output: Drafted = {
    draft: written,
    claimIds: Object.fromEntries(written.claims.map(({ key }) => [key, newId()])),
    ...(model && { model }),
  };
  return {
    output,
    write: async (em) => {
      const place = { tenantId: ctx.tenantId, projectId: ctx.run.projectId, runId: ctx.run.id };
      await storeClaims(em, place, claimRows(output));
      if (outline.edited) {
        await runSql(em, 'update research_runs set outline = $2 where run_id = $1', [
          ctx.run.id,
          JSON.stringify(shownOutline(outline)),
        ]);
      }
      return undefined;
    },
  };
}

/** The draft with what a model chose for it, if there is one and its choice makes a report; and what is to be said of it. */
async function write(
  ctx: StageContext,
  outline: Outline,
  snippets: Ingested['snippets'],
): Promise<Pick<Drafted, 'draft' | 'model'>> {
  const plain = writeDraft(outline, snippets);
  const consultant = await openConsultant(ctx, 'draft', outline.model ?? null);
  if (!consultant) return outline.model ? withModelNote(plain, outline.model) : { draft: plain };
  const chosen = await consultant.ask(sentenceQuestion(outline, snippets), (choice) => {
    const made = draftChoice(outline, plain, choice, snippets);
    if (made) ctx.emit({ type: 'LOG_LINE', message: tell(made.counts), payload: { ...made.counts } });
    return made?.draft ?? null;
  });
  return withModelNote(chosen ?? plain, consultant.note());
}

const tell = ({ worded, quoted, dropped }: ChosenDraft['counts']) =>
  `Of the sentences the model chose, ${worded} stand in its wording, ${quoted} as the source has them, and ${dropped} were dropped: no such quote.`;

const withModelNote = (draft: Draft, note: ModelNote) => ({
  model: note,
  draft: { ...draft, sections: sectionsWith(draft, note) },
});

const sectionsWith = (draft: Draft, note: ModelNote): Draft['sections'] =>
  draft.sections.map((section) => {
    if (section.role !== 'LIMITS') return section;
    const said = modelSentences(note).map((text) => ({ kind: 'PROSE' as const, text }));
    return { ...section, paragraphs: [[...section.paragraphs.flat(), ...said]] };
  });

/** The outline to write by: as proposed when nobody was asked or nothing was changed. */
function edit(planned: Outline, answer: OutlineAnswer | null): Outline {
  if (!answer) return planned;
  const title = answer.title ?? planned.title;
  const edited = title !== planned.title || JSON.stringify(answer.sections) !== JSON.stringify(planned.sections);
  return edited ? { ...planned, title, sections: answer.sections, edited } : planned;
}

const claimRows = ({ draft: { claims, sections }, claimIds }: Drafted): NewClaim[] =>
  claims.map(({ key, text, receipts }) => ({
    id: claimIds[key] ?? '',
    section: sectionOf(sections, key),
    text,
    receipts,
  }));

const sectionOf = (sections: Draft['sections'], key: string): string | null =>
  sections.find((section) =>
    section.paragraphs.flat().some((sentence) => sentence.kind === 'CLAIM' && sentence.claim === key),
  )?.heading ?? null;
