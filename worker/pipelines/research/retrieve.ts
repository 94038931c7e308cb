/**
 * Finds what bears on the question: the passages of the project's library, and the works that the services know which the
 * run may ask. Fails with EMPTY_LIBRARY when there is nothing to search, with INSUFFICIENT_EVIDENCE when nothing found has
 * a word of the question, and with a service's own failure, to be tried again, when that is why there is nothing.
 */
import { SourceEntity } from '../../../src/evidence/source.entity.js';
import { ResearchRunEntity } from '../../../src/kinds/research/research-run.entity.js';
import { AppError } from '../../../src/platform/errors.js';
import { encodeId } from '../../../src/platform/ids.js';
import type { StageContext, StageResult } from '../../engine/stage.js';
import { askConnectors, tellUncertainty } from './ask-connectors.js';
import type { FoundPassages, Retrieved } from './checkpoints.js';
import { countLibrary, nothingFound, searchLibrary } from './search-library.js';

export async function retrieve(ctx: StageContext): Promise<StageResult> {
  const { em, run } = ctx;
  const { question, connectors } = await em.findOneOrFail(ResearchRunEntity, { runId: run.id });
  const librarySize = await countLibrary(ctx);
  if (librarySize === 0 && connectors.every((name) => name === 'LIBRARY')) throw emptyLibrary();
  ctx.progress({ done: 0, total: librarySize, unit: 'sources', message: `Searching ${librarySize} sources.` });
  const { works, uncertainties, passing } = await askConnectors(ctx, question, connectors);
  const { uncertainties: ofSearch, ...passages } = await searchLibrary(ctx, question);
  for (const uncertainty of ofSearch) tellUncertainty(ctx, uncertainty);
  if (passages.snippets.length === 0 && works.length === 0)
    throw passing ?? (librarySize === 0 ? emptyLibrary() : nothingFound(librarySize));

  await tellSources(ctx, passages);
  ctx.progress({
    done: passages.sources.length,
    total: librarySize,
    unit: 'sources',
    message: `${passages.snippets.length} passages of ${passages.sources.length} sources.`,
  });
  const output: Retrieved = { question, ...passages, works, uncertainties: [...uncertainties, ...ofSearch] };
  return { output };
}

/** Best first, an event each. */
export async function tellSources(
  ctx: Pick<StageContext, 'em' | 'emit'>,
  { sources }: Pick<FoundPassages, 'sources'>,
): Promise<void> {
  const rows = await ctx.em.find(SourceEntity, { id: { $in: sources.map(({ sourceId }) => sourceId) } });
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const { sourceId, score } of sources) {
    const row = byId.get(sourceId);
    if (!row) continue;
    const payload = { sourceId: encodeId('src', sourceId), title: row.title, score, connector: row.connector };
    ctx.emit({ type: 'SOURCE_FOUND', message: row.title, payload });
  }
}

const emptyLibrary = () =>
  new AppError('EMPTY_LIBRARY', 'The project has no sources that could be quoted.', {
    hint: 'Upload papers or text with `prepareUpload` and `ingestPaper`, wait for their runs to succeed, then start again.',
  });
