import type { Em } from '../../platform/database/database.js';
import type { LoaderRegistry } from '../../platform/graphql/loader-registry.js';
import { type IngestionRunDetails, IngestionRunEntity } from './ingestion-run.entity.js';

/** The details of many runs in one statement. */
export function loadIngestionDetails(
  ctx: { em: Em; loaders: LoaderRegistry },
  runId: string,
): Promise<IngestionRunDetails | null> {
  return ctx.loaders
    .get<IngestionRunDetails | null>('ingestion details by run', async (runIds) => {
      const rows = await ctx.em.find(IngestionRunEntity, { runId: { $in: [...runIds] } });
      const byRun = new Map(rows.map((row) => [row.runId, row]));
      return runIds.map((id) => byRun.get(id) ?? null);
    })
    .load(runId);
}
