/**
 * index: the snapshot becomes a source with snippets that can be found (by their vectors too, where there is an embedding
 * model), the paper's candidate claims get their receipts, and the paper is READY. All in one transaction. What searches of
 * large libraries are quick by follows in the background.
 */
import { storePaperClaims } from '../../../src/claims/store-paper-claims.js';
import { indexSource } from '../../../src/evidence/index-source.js';
import { loadDocument } from '../../../src/evidence/load-document.js';
import { markNotices } from '../../../src/evidence/mark-notices.js';
import type { SourceConnector } from '../../../src/evidence/source.entity.js';
import { wantLibraryIndex } from '../../../src/evidence/want-library-index.js';
import { type IngestionRunDetails, IngestionRunEntity } from '../../../src/kinds/ingestion/ingestion-run.entity.js';
import { loadStructure } from '../../../src/papers/load-structure.js';
import { LoaderRegistry } from '../../../src/platform/graphql/loader-registry.js';
import { encodeId } from '../../../src/platform/ids.js';
import type { Stage } from '../../engine/stage.js';
import { embedNewSnippets } from '../../tools/model/embed-new-snippets.js';
import { makeReady } from '../../tools/papers/paper-rows.js';
import type { ExtractOutput, FetchOutput, StructureOutput } from './outputs.js';

export const index: Stage = async (ctx) => {
  const { paperId } = await ctx.output<FetchOutput>('fetch');
  const { snapshotId } = await ctx.output<ExtractOutput>('extract');
  const facts = await ctx.output<StructureOutput>('structure');
  const details = await ctx.em.findOneOrFail(IngestionRunEntity, { runId: ctx.run.id });
  const document = await loadDocument(ctx.em, snapshotId);
  const paper = await loadStructure({ em: ctx.em, loaders: new LoaderRegistry() }, snapshotId);
  const place = { tenantId: ctx.tenantId, projectId: ctx.run.projectId, snapshotId };
  const storeVectors = await embedNewSnippets(ctx, facts.title, document);
  return {
    write: async (em) => {
      const indexed = await indexSource(em, {
        ...place,
        document,
        facts: { ...facts, connector: connectorOf(details), retrievedAt: new Date() },
      });
      await storeVectors(em, indexed);
      const { source, snippetCount } = indexed;
      if (details.fetched?.standing) await markNotices(em, source.id, details.fetched.standing);
      await ctx.debugPoint('inside-transaction');
      const claims = await storePaperClaims(em, { ...place, paperId, text: document.text }, paper?.claims ?? []);
      await makeReady(em, paperId, { sourceId: source.id, snapshotId });
      await wantLibraryIndex(em, ctx.run.projectId);
      return [
        {
          type: 'LOG_LINE',
          message: `“${source.title}” can be searched: ${snippetCount} ${snippetCount === 1 ? 'snippet' : 'snippets'}.`,
          payload: {
            paperId: encodeId('paper', paperId),
            sourceId: encodeId('src', source.id),
            snippets: snippetCount,
            claims,
          },
        },
      ];
    },
  };
};

function connectorOf({ uploadId, arxivId, doi }: IngestionRunDetails): SourceConnector {
  if (uploadId) return 'UPLOAD';
  if (arxivId) return 'ARXIV';
  return doi ? 'DOI' : 'TEXT';
}
