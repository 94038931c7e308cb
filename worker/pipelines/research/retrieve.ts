/**
 * Finds the passages of the project's library that bear on the question: sources ranked as wholes, then the snippets of
 * the best of them. Fails with EMPTY_LIBRARY when there is nothing to search, with INSUFFICIENT_EVIDENCE when nothing
 * found has a word of the question.
 */
import { ensureLatentSpace } from '../../../src/evidence/latent/ensure-latent-space.js';
import { rankSources } from '../../../src/evidence/rank-sources.js';
import { searchSnippets } from '../../../src/evidence/search-snippets.js';
import { SourceEntity } from '../../../src/evidence/source.entity.js';
import { ResearchRunEntity } from '../../../src/kinds/research/research-run.entity.js';
import { AppError } from '../../../src/platform/errors.js';
import { encodeId } from '../../../src/platform/ids.js';
import type { StageContext, StageResult } from '../../engine/stage.js';
import type { Retrieved } from './checkpoints.js';

const DEFAULT_SOURCES = 20;
const SNIPPETS = 160; // about 1,000 sentences: what the writer ranks in well under a second
const SNIPPETS_PER_SOURCE = 30; // so that one long paper does not crowd out the others

export async function retrieve(ctx: StageContext): Promise<StageResult> {
  const { em, run } = ctx;
  const { question } = await em.findOneOrFail(ResearchRunEntity, { runId: run.id });
  const librarySize = await em.count(SourceEntity, { projectId: run.projectId });
  if (librarySize === 0) throw emptyLibrary();
  ctx.progress({ done: 0, total: librarySize, unit: 'sources', message: `Searching ${librarySize} sources.` });

  await ensureLatentSpace(em, run);
  ctx.signal.throwIfAborted();
  const search = { projectId: run.projectId, query: question };
  const ranked = await rankSources(em, { ...search, limit: ctx.limits.sources ?? DEFAULT_SOURCES });
  ctx.signal.throwIfAborted();
  const found = await searchSnippets(em, { ...search, limit: SNIPPETS, feedback: true });
  const admitted = new Map(ranked.map((source) => [source.sourceId, 0]));
  const snippets = found.filter(({ sourceId }) => {
    const count = admitted.get(sourceId);
    if (count === undefined || count >= SNIPPETS_PER_SOURCE) return false;
    admitted.set(sourceId, count + 1);
    return true;
  });
  if (snippets.length === 0) throw nothingFound(librarySize);

  const sources = ranked.filter((source) => (admitted.get(source.sourceId) ?? 0) > 0);
  const rows = new Map(
    (await em.find(SourceEntity, { id: { $in: sources.map((source) => source.sourceId) } })).map((row) => [
      row.id,
      row,
    ]),
  );
  for (const { sourceId, score } of sources) {
    const row = rows.get(sourceId);
    if (!row) continue;
    const payload = { sourceId: encodeId('src', sourceId), title: row.title, score, connector: row.connector };
    ctx.emit({ type: 'SOURCE_FOUND', message: row.title, payload });
  }
  ctx.progress({
    done: sources.length,
    total: librarySize,
    unit: 'sources',
    message: `${snippets.length} passages of ${sources.length} sources.`,
  });
  const output: Retrieved = {
    question,
    sources: sources.map(({ sourceId, score }) => ({ sourceId, score })),
    snippets: snippets.map(({ id, score }) => ({ snippetId: id, score })),
  };
  return { output };
}

const emptyLibrary = () =>
  new AppError('EMPTY_LIBRARY', 'The project has no sources that could be quoted.', {
    hint: 'Upload papers or text with `prepareUpload` and `ingestPaper`, wait for their runs to succeed, then start again.',
  });

const nothingFound = (librarySize: number) =>
  new AppError(
    'INSUFFICIENT_EVIDENCE',
    `None of the ${librarySize} sources of the project has a passage with a word of the question.`,
    {
      details: { sources: librarySize },
      hint: 'Add papers that speak of the subject to the project, or ask about what its library covers, then start again.',
    },
  );
