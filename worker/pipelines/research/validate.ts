/** The structural gate: see validate-draft. One finding ends the run GATE_FAILED. */
import type { StageContext, StageResult } from '../../engine/stage.js';
import { validateDraft } from '../../tools/writer/validate-draft.js';
import type { Drafted, Ingested } from './checkpoints.js';
import { gateFailed } from './gate-failed.js';

export async function validate(ctx: StageContext): Promise<StageResult> {
  const { draft } = await ctx.output<Drafted>('draft');
  const { snippets } = await ctx.output<Ingested>('ingest');
  const findings = validateDraft(draft, snippets);
  if (findings.length > 0) throw gateFailed('validate', findings);
  const total = draft.claims.length;
  ctx.progress({ done: total, total, unit: 'claims', message: `${total} claims are well formed.` });
  return { output: { claims: total } };
}
