/** The passages of the project's library that bear on a question: sources ranked as wholes, then snippets of the best. */
import { rankSourcesByMeaning, searchSnippetsByMeaning } from '../../../src/evidence/embeddings/search-by-meaning.js';
import { isIndexed, readyForSearch } from '../../../src/evidence/keep-library-index.js';
import { SourceEntity } from '../../../src/evidence/source.entity.js';
import { wantLibraryIndex } from '../../../src/evidence/want-library-index.js';
import { AppError } from '../../../src/platform/errors.js';
import type { StageContext } from '../../engine/stage.js';
import { askLibrary } from '../../tools/exchanges/ask-library.js';
import { findByMeaning } from '../../tools/model/find-by-meaning.js';
import type { FoundPassages, RunUncertainty } from './checkpoints.js';

const DEFAULT_SOURCES = 20;
const SNIPPETS = 160; // about 1,000 sentences: what the writer ranks in well under a second
const SNIPPETS_PER_SOURCE = 30; // so that one long paper does not crowd out the others

/** How many sources the run may be given. */
export const sourceLimit = ({ limits }: StageContext): number => limits.sources ?? DEFAULT_SOURCES;

/** How many sources the project has. */
export const countLibrary = ({ em, run }: StageContext): Promise<number> =>
  askLibrary({ operation: 'size', about: null }, () => em.count(SourceEntity, { projectId: run.projectId }));

export interface SearchedLibrary extends FoundPassages {
  /** Not told to the timeline yet. */
  uncertainties: RunUncertainty[];
}

/** Best first; empty when nothing holds a word of the question, or is near to it in meaning where an embedding model helps. */
export const searchLibrary = (ctx: StageContext, question: string): Promise<SearchedLibrary> =>
  askLibrary({ operation: 'search', about: { question, sources: sourceLimit(ctx) } }, () => search(ctx, question));

async function search(ctx: StageContext, question: string): Promise<SearchedLibrary> {
  const { em, run } = ctx;
  await readyForSearch(em, run, ctx);
  if (!(await isIndexed(em, run.projectId))) await wantLibraryIndex(em, run.projectId);
  ctx.signal.throwIfAborted();
  const query = { projectId: run.projectId, query: question };
  const { near, setback } = await findByMeaning(ctx, question);
  const ranked = await rankSourcesByMeaning(em, { ...query, limit: sourceLimit(ctx) }, near);
  ctx.signal.throwIfAborted();
  const found = await searchSnippetsByMeaning(em, { ...query, limit: SNIPPETS, feedback: true }, near);
  const admitted = new Map(ranked.map((source) => [source.sourceId, 0]));
  const snippets = found.filter(({ sourceId }) => {
    const count = admitted.get(sourceId);
    if (count === undefined || count >= SNIPPETS_PER_SOURCE) return false;
    admitted.set(sourceId, count + 1);
    return true;
  });
  return {
    sources: ranked
      .filter(({ sourceId }) => (admitted.get(sourceId) ?? 0) > 0)
      .map(({ sourceId, score }) => ({ sourceId, score })),
    snippets: snippets.map(({ id, score }) => ({ snippetId: id, score })),
    uncertainties: setback === null ? [] : [{ code: 'EMBEDDINGS_LEFT_OUT', message: setback }],
  };
}

export const nothingFound = (librarySize: number) =>
  new AppError(
    'INSUFFICIENT_EVIDENCE',
    `None of the ${librarySize} sources of the project has a passage with a word of the question.`,
    {
      details: { sources: librarySize },
      hint: 'Add papers that speak of the subject to the project, or ask about what its library covers, then start again.',
    },
  );
