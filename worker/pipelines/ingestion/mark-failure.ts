/** A paper that cannot be taken in says so itself, not only its run: FAILED, unless another run had made it READY. */
import { runSql } from '../../../src/platform/database/sql.js';
import { isAppError } from '../../../src/platform/errors.js';
import type { Stage } from '../../engine/stage.js';

export const markingFailure =
  (stage: Stage): Stage =>
  async (ctx) => {
    try {
      return await stage(ctx);
    } catch (error) {
      if (isAppError(error) && !error.retryable && !ctx.signal.aborted) {
        await ctx.write(async (em) => {
          await runSql(
            em,
            `update papers set status = 'FAILED' from ingestion_runs i
             where i.run_id = $1 and papers.id = i.paper_id and papers.status = 'PENDING'`,
            [ctx.run.id],
          );
        });
      }
      throw error;
    }
  };
