/**
 * A stage whose tools are recorded, or, in a replay, answered from the record that was copied to the run.
 *
 *   completed       the record joins the stage's own rows: both stand, or neither does
 *   failed          the record of this attempt stands until another attempt replaces it: a replay meets the same failure
 *   stopped, lost   nothing is written; the attempt that takes the stage up again starts a record of its own
 *
 * A stage whose record could not be kept, or does not have what was asked, fails, whatever it has made of that itself. What a
 * replay takes from the record does not pass by itself, so such a failure is final at the first attempt.
 */
import { runSql } from '../../src/platform/database/sql.js';
import { AppError, isAppError } from '../../src/platform/errors.js';
import { readExchanges, storeExchanges } from '../../src/runs/run-exchange.js';
import { recordedEmbedding } from '../tools/exchanges/embedding-exchanges.js';
import { askingThrough, type Exchanges } from '../tools/exchanges/exchanges.js';
import { recordedModel, replayedModel } from '../tools/exchanges/model-exchanges.js';

import { type Recorder, recordExchanges } from '../tools/exchanges/record-exchanges.js';
import { notRecorded, replayExchanges } from '../tools/exchanges/replay-exchanges.js';
import type { Stage, StageContext, StageResult } from './stage.js';

export const recordedStage =
  (stage: Stage): Stage =>
  async (ctx) => {
    const [origin] = await runSql<{ how: string }>(ctx.em, 'select how from run_origins where run_id = $1', [
      ctx.run.id,
    ]);
    return origin?.how === 'REPLAY' ? replay(stage, ctx) : record(stage, ctx);
  };

async function record(stage: Stage, ctx: StageContext): Promise<StageResult> {
  const { blobs, model, embedding } = ctx.services;
  const recorder = recordExchanges({ blobs, tenantId: ctx.tenantId, signal: ctx.signal, clock: () => new Date() });
  const services = {
    ...ctx.services,
    model: model ? recordedModel(model, recorder) : null,
    embedding: embedding ? recordedEmbedding(embedding, recorder) : null,
  };
  try {
    const result = await believed(recorder, () => stage({ ...ctx, services }));
    return {
      ...result,
      async write(em) {
        await storeExchanges(em, placeOf(ctx), recorder.exchanges);
        return result.write?.(em);
      },
    };
  } catch (error) {
    if (isAppError(error) && !recorder.fault && !ctx.signal.aborted) await keepFailed(ctx, recorder);
    throw error;
  }
}

/** That it cannot be kept now must not hide why the stage failed; a replay will say that the record is not whole. */
const keepFailed = (ctx: StageContext, { exchanges }: Recorder): Promise<void> =>
  ctx
    .write((em) => storeExchanges(em, placeOf(ctx), exchanges))
    .catch((error: unknown) => ctx.services.log.debug({ err: error }, 'the record of a failed stage was not kept'));

async function replay(stage: Stage, ctx: StageContext): Promise<StageResult> {
  const { blobs } = ctx.services;
  const exchanges = await readExchanges(ctx.em, ctx.run.id, ctx.stage);
  if (!exchanges) throw notRecorded(ctx.stage, null);
  const answers = replayExchanges(exchanges, { blobs, tenantId: ctx.tenantId, stage: ctx.stage, signal: ctx.signal });
  try {
    const services = { ...ctx.services, model: replayedModel(exchanges, answers), embedding: null };
    return await believed(answers, () => stage({ ...ctx, services }));
  } catch (error) {
    throw isAppError(error) && answers.isRecorded(error) ? final(error) : error;
  }
}

async function believed(exchanges: Exchanges, work: () => Promise<StageResult>): Promise<StageResult> {
  const result = await askingThrough(exchanges, work).catch((error: unknown) => {
    throw exchanges.fault ?? error;
  });
  if (exchanges.fault) throw exchanges.fault;
  return result;
}

const final = (error: AppError): AppError =>
  new AppError(error.code, error.message, {
    details: error.details,
    cause: error,
    ...(error.hint !== undefined && { hint: error.hint }),
  });

const placeOf = ({ run, tenantId, stage, attempt }: StageContext) => ({
  tenantId,
  projectId: run.projectId,
  runId: run.id,
  stage,
  attempt,
});
