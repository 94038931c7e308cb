/**
 * How a stage of a research run asks the model: within the run's budget, each call an event, thoughts let out as they
 * come, and never in the way. Whatever goes wrong with a model is a setback: it is said once, as an uncertainty and in the
 * report's limits, and the rest of the run is done without one. Only a stop of the stage itself goes through.
 */

import type { ModelRole } from '../../../src/kinds/research/model-config.js';
import { CALL_SIZES } from '../../../src/kinds/research/model-config.js';
import type { Em } from '../../../src/platform/database/database.js';
import { chargeRun, readSpending } from '../../../src/runs/charge-run.js';
import type { StageContext } from '../../engine/stage.js';
import { currentExchanges } from '../../tools/exchanges/exchanges.js';
import { askStructured, type StructuredQuestion } from '../../tools/model/ask-structured.js';
import { conflateThoughts } from '../../tools/model/conflate-thoughts.js';
import type { LanguageModel } from '../../tools/model/language-model.js';
import { type ModelFailureReason, reasonOf } from '../../tools/model/model-failures.js';
import { openRunLedger, type RunLedger, type StageSpending } from '../../tools/model/run-ledger.js';
import type { ModelNote, ModelSetback } from '../../tools/writer/model-note.js';

type Asked<T> = Pick<StructuredQuestion<T>, 'task' | 'data' | 'schema' | 'schemaName'>;

export interface Consultant {
  /**
   * What `use` makes of the model's answer. Null, and a setback, when the model gives none or `use` answers null: it then
   * could not be used.
   */
  ask<T, Made>(question: Asked<T>, use: (answer: T) => Made | null): Promise<Made | null>;
  /** How the model has taken part so far, this stage included. */
  note(): ModelNote;
}

/** Where in the run a role is asked. */
const STAGES: Record<ModelRole, ModelSetback['stage']> = { outline: 'outline', draft: 'draft', judge: 'factcheck' };

/** Null where no model is to be asked: none is configured, or the run may spend nothing on one. */
export async function openConsultant(
  ctx: StageContext,
  role: ModelRole,
  before: ModelNote | null,
): Promise<Consultant | null> {
  const { model } = ctx.services;
  if (!model || ctx.limits.modelTokens === 0 || ctx.limits.costUsd === 0) return null;
  const { em } = ctx; // of the tenant; its fork outlives a canceled stage for as long as a charge takes
  const ledger = openRunLedger(ctx.limits, await readSpending(em, ctx.run.id), (taken) =>
    em.fork().transactional((inner) => chargeRun(inner as Em, { runId: ctx.run.id, stage: ctx.stage }, taken)),
  );
  const note: ModelNote = {
    helped: [...(before?.helped ?? [])],
    models: [...(before?.models ?? [])],
    setback: before?.setback ?? null,
  };
  const setBack = (reason: ModelSetback['reason'], detail: string) => {
    note.setback = { stage: STAGES[role], reason };
    const message = `Done without a language model from the ${STAGES[role]} on: ${detail}`;
    ctx.emit({ type: 'UNCERTAINTY_FOUND', level: 'WARN', message, payload: { code: 'MODEL_LEFT_OUT', page: null } });
  };
  return {
    note: () => note,
    async ask(question, use) {
      if (note.setback) return null;
      try {
        const made = use(await call(ctx, model, role, ledger, question));
        if (made === null)
          setBack('UNUSABLE', 'its answer leaves out too much of the evidence, or names what is not there.');
        else if (role !== 'judge') {
          note.helped.push(role);
          note.models = [...new Set([...note.models, model.nameFor(role)])];
        }
        return made;
      } catch (error) {
        ctx.signal.throwIfAborted();
        const reason = reasonOf(error);
        if (reason === null) throw error;
        setBack(SETBACKS[reason], (error as Error).message);
        return null;
      }
    },
  };
}

const SETBACKS: Record<ModelFailureReason, ModelSetback['reason']> = {
  BUDGET: 'BUDGET',
  BAD_ANSWER: 'UNUSABLE',
  TIMED_OUT: 'FAILED',
  RATE_LIMITED: 'FAILED',
  SERVER_FAILED: 'FAILED',
  UNREACHABLE: 'FAILED',
  CUT_OFF: 'FAILED',
  TOO_LARGE: 'FAILED',
  REFUSED: 'FAILED',
};

async function call<T>(
  ctx: StageContext,
  model: LanguageModel,
  role: ModelRole,
  ledger: RunLedger,
  question: Asked<T>,
): Promise<T> {
  const name = model.nameFor(role);
  const begun = performance.now();
  ctx.emit({
    type: 'TOOL_CALLED',
    message: `Asking ${name} for the ${role}.`,
    payload: { tool: 'model', input: { role, model: name } },
  });
  const thoughts = conflateThoughts(
    (text) => ctx.emit({ type: 'THOUGHT', message: text, payload: { text } }),
    () => performance.now(),
  );
  let written = 0;
  const onText = (text: string, kind: 'ANSWER' | 'REASONING') => {
    if (kind === 'REASONING') return thoughts.add(text);
    written += text.length;
    ctx.progress({ done: written, unit: 'characters', message: `${name} has written ${written} characters.` });
  };
  let outcome: ModelFailureReason | null = null;
  try {
    const { outputTokens: maxOutputTokens } = CALL_SIZES[role];
    return await askStructured(model, { ...question, role, maxOutputTokens, signal: ctx.signal, ledger, onText });
  } catch (error) {
    outcome = reasonOf(error);
    throw error;
  } finally {
    thoughts.end();
    const summary = summarise(ledger.stage, outcome);
    const durationMs = Math.round(performance.now() - begun);
    ctx.emit({ type: 'TOOL_RETURNED', message: summary, payload: { tool: 'model', durationMs, summary } });
    if (outcome !== 'BUDGET' && !currentExchanges()?.isReplay)
      await ctx.services.reportHealth?.({ service: 'MODEL', failureCode: outcome, detail: name });
  }
}

function summarise(
  { calls, inputTokens, outputTokens, costUsd, estimated, priced }: StageSpending,
  outcome: string | null,
) {
  const cost = priced ? `${costUsd.toFixed(6)} USD` : 'at an unknown price';
  const spent = `${calls} ${calls === 1 ? 'call' : 'calls'}, ${inputTokens} tokens sent, ${outputTokens} answered, ${cost}${estimated ? ' (in part estimated)' : ''}`;
  return outcome === null ? `The model answered: ${spent}.` : `The model gave no answer (${outcome}): ${spent}.`;
}
