/** index: the snapshot becomes a source with snippets that can be found, and the paper is READY. All in one transaction. */
import { indexSource } from '../../../src/evidence/index-source.js';
import { loadDocument } from '../../../src/evidence/load-document.js';
import { IngestionRunEntity } from '../../../src/kinds/ingestion/ingestion-run.entity.js';
import { runSql } from '../../../src/platform/database/sql.js';
import { encodeId } from '../../../src/platform/ids.js';
import type { Stage } from '../../engine/stage.js';
import type { ExtractOutput, FetchOutput, StructureOutput } from './outputs.js';

export const index: Stage = async (ctx) => {
  const { paperId } = await ctx.output<FetchOutput>('fetch');
  const { snapshotId } = await ctx.output<ExtractOutput>('extract');
  const facts = await ctx.output<StructureOutput>('structure');
  const { uploadId } = await ctx.em.findOneOrFail(IngestionRunEntity, { runId: ctx.run.id });
  const document = await loadDocument(ctx.em, snapshotId);
  const connector = uploadId ? ('UPLOAD' as const) : ('TEXT' as const);
  return {
    write: async (em) => {
      const { source, snippetCount } = await indexSource(em, {
        tenantId: ctx.tenantId,
        projectId: ctx.run.projectId,
        snapshotId,
        document,
        facts: { ...facts, connector, retrievedAt: new Date() },
      });
      await ctx.debugPoint('inside-transaction');
      await runSql(em, `update papers set status = 'READY', source_id = $2 where id = $1`, [paperId, source.id]);
      return [
        {
          type: 'LOG_LINE',
          message: `“${source.title}” can be searched: ${snippetCount} ${snippetCount === 1 ? 'snippet' : 'snippets'}.`,
          payload: {
            paperId: encodeId('paper', paperId),
            sourceId: encodeId('src', source.id),
            snippets: snippetCount,
          },
        },
      ];
    },
  };
};
