/**
 * How a stage asks the embedding model: within the run's budget, each series of calls a pair of events, its outcome kept for
 * `serverInfo`. Whatever goes wrong with it is for the caller to say; only a stop of the stage itself is not to be caught.
 */
import type { EmbeddingPrefixes } from '../../../src/evidence/embeddings/embedding-config.js';
import type { Em } from '../../../src/platform/database/database.js';
import { chargeRun, readSpending } from '../../../src/runs/charge-run.js';
import type { StageContext } from '../../engine/stage.js';
import { reasonOf } from './model-failures.js';
import { openRunLedger, type StageSpending } from './run-ledger.js';

export type EmbeddingContext = Pick<
  StageContext,
  'run' | 'tenantId' | 'stage' | 'em' | 'limits' | 'signal' | 'services' | 'emit' | 'write' | 'progress'
>;

export interface Embedder {
  /** In which its vectors stand. */
  readonly space: string;
  /** Of length 1, in the order of the texts, each behind the model's words for its kind. Fails as embedding-model.ts tells. */
  embed(kind: keyof EmbeddingPrefixes, texts: readonly string[]): Promise<Float32Array[]>;
}

/**
 * `work` with the embedding model, or null where none is to be asked: none is configured, or the run may spend nothing on one.
 * `share`: the part of the run's budget that may be spent when the work is done, so that something is left for other models.
 */
export async function withEmbedder<T>(
  ctx: EmbeddingContext,
  { what, share }: { what: string; share: number },
  work: (embedder: Embedder) => Promise<T>,
): Promise<T | null> {
  const { embedding: model, reportHealth } = ctx.services;
  const { modelTokens, costUsd } = ctx.limits;
  if (!model || modelTokens === 0 || costUsd === 0) return null;
  const { em } = ctx; // of the tenant; its fork outlives a canceled stage for as long as a charge takes
  const limits = {
    modelTokens: modelTokens === null ? null : Math.floor(modelTokens * share),
    costUsd: costUsd === null ? null : costUsd * share,
  };
  const ledger = openRunLedger(limits, await readSpending(em, ctx.run.id), (taken) =>
    em.fork().transactional((inner) => chargeRun(inner as Em, { runId: ctx.run.id, stage: ctx.stage }, taken)),
  );
  const begun = performance.now();
  let vectors = 0;
  ctx.emit({
    type: 'TOOL_CALLED',
    message: `Asking ${model.name} for vectors of ${what}.`,
    payload: { tool: 'embedding', input: { what, model: model.name } },
  });
  try {
    return await work({
      space: model.space,
      async embed(kind, texts) {
        const prefixed = texts.map((text) => model.prefixes[kind] + text);
        const made = await model.embed({ texts: prefixed, signal: ctx.signal, ledger });
        vectors += made.length;
        await reportHealth?.({ service: 'EMBEDDING', failureCode: null, detail: model.name });
        return made;
      },
    });
  } catch (error) {
    const reason = reasonOf(error);
    if (reason !== null && reason !== 'BUDGET' && !ctx.signal.aborted)
      await reportHealth?.({ service: 'EMBEDDING', failureCode: reason, detail: model.name });
    throw error;
  } finally {
    const summary = summarise(vectors, ledger.stage);
    const durationMs = Math.round(performance.now() - begun);
    ctx.emit({ type: 'TOOL_RETURNED', message: summary, payload: { tool: 'embedding', durationMs, summary } });
  }
}

function summarise(vectors: number, { calls, inputTokens, costUsd, estimated, priced }: StageSpending): string {
  const cost = priced ? `${costUsd.toFixed(6)} USD` : 'at an unknown price';
  const spent = `${calls} ${calls === 1 ? 'call' : 'calls'}, ${inputTokens} tokens sent, ${cost}`;
  return `${vectors} ${vectors === 1 ? 'vector' : 'vectors'}: ${spent}${estimated ? ' (in part estimated)' : ''}.`;
}
