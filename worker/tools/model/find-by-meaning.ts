/**
 * The passages of a library that are nearest in meaning to a question. Passages without a vector of the model in use get one
 * first: those of a library that is older than the model, or whose vectors could not be made when they were taken in. That is
 * bounded in time and budget, begins with what words find, and goes on in the next run. Whatever fails, words still find
 * passages, and what was left out is said.
 */
import { PASSAGE_SHARE } from '../../../src/evidence/embeddings/embedding-config.js';
import { type NearSnippet, nearestSnippets } from '../../../src/evidence/embeddings/nearest-snippets.js';
import {
  nextToEmbed,
  readEmbeddingState,
  storeEmbeddings,
} from '../../../src/evidence/embeddings/stored-embeddings.js';
import { rankSources } from '../../../src/evidence/rank-sources.js';
import { type Embedder, type EmbeddingContext, withEmbedder } from './embedder.js';
import { reasonOf } from './model-failures.js';

export interface FoundByMeaning {
  near: NearSnippet[]; // best first; empty without an embedding model
  /** What could not be compared and why, as a sentence; null: nothing. */
  setback: string | null;
}

const NEAREST = 1_000; // passages that may count for their sources; an index finds no more at once
const AT_ONCE = 256; // passages embedded between two writes
const MAX_EMBEDDING_MS = 120_000; // 2 minutes of a run for passages of the library
const FIRST_SOURCES = 50; // embedded before the others

export async function findByMeaning(ctx: EmbeddingContext, question: string): Promise<FoundByMeaning> {
  const { embedding } = ctx.services;
  if (!embedding) return { near: [], setback: null };
  try {
    const left = await embedMissing(ctx, embedding.space, question);
    const near = await withEmbedder(ctx, { what: 'the question', share: 1 }, (embedder) =>
      compare(ctx, embedder, question),
    );
    if (near === null) return { near: [], setback: null };
    return { near, setback: left };
  } catch (error) {
    ctx.signal.throwIfAborted();
    if (reasonOf(error) === null) throw error;
    return { near: [], setback: `Passages were found by their words alone: ${(error as Error).message}` };
  }
}

async function compare(ctx: EmbeddingContext, embedder: Embedder, question: string): Promise<NearSnippet[]> {
  const [vector] = await embedder.embed('query', [question]);
  if (!vector) return [];
  const { projectId } = ctx.run;
  const { space } = embedder;
  const state = await readEmbeddingState(ctx.em, { projectId, space, dimensions: vector.length });
  return nearestSnippets(ctx.em, projectId, { space, vector }, { limit: NEAREST, state });
}

/** Null when every passage has its vector now; else what is left out. */
async function embedMissing(ctx: EmbeddingContext, space: string, question: string): Promise<string | null> {
  const { projectId } = ctx.run;
  const read = () => readEmbeddingState(ctx.em, { projectId, space, dimensions: 0 });
  const before = await read();
  if (before.embedded >= before.snippets) return null;
  const ranked = await rankSources(ctx.em, {
    projectId,
    query: question,
    limit: FIRST_SOURCES,
    feedback: false,
    latent: false,
  });
  const first = ranked.map(({ sourceId }) => sourceId);
  let spent = false;
  try {
    await withEmbedder(ctx, { what: 'passages', share: PASSAGE_SHARE }, (embedder) =>
      embedInTime(ctx, embedder, first),
    );
  } catch (error) {
    if (reasonOf(error) !== 'BUDGET') throw error;
    spent = true;
  }
  const { snippets, embedded } = await read();
  if (embedded >= snippets) return null;
  const why = spent
    ? 'half of the run’s budget for models is spent'
    : 'two minutes were not enough; the next run goes on';
  return `${snippets - embedded} of ${snippets} passages have no vector yet and were found by their words alone: ${why}.`;
}

async function embedInTime(ctx: EmbeddingContext, embedder: Embedder, first: readonly string[]): Promise<void> {
  const { tenantId, run } = ctx;
  const place = { tenantId, projectId: run.projectId, space: embedder.space };
  const until = performance.now() + MAX_EMBEDDING_MS;
  for (let done = 0; performance.now() < until; ) {
    const batch = await nextToEmbed(ctx.em, { ...place, first, limit: AT_ONCE });
    if (batch.length === 0) return;
    const vectors = await embedder.embed(
      'passage',
      batch.map(({ text }) => text),
    );
    await ctx.write((em) => storeEmbeddings(em, place, batch, vectors));
    done += batch.length;
    ctx.progress({ done, unit: 'passages', message: `${done} passages have their vectors.` });
  }
}
