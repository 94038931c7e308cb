/**
 * Vectors for a document that is about to be indexed, so that no later search has to wait for them. Where they cannot be made the
 * document is indexed without: a run that searches makes them up.
 */
import type { DocumentText } from '../../../src/evidence/document-text.js';
import { embeddedText, storeEmbeddings } from '../../../src/evidence/embeddings/stored-embeddings.js';
import { type IndexedSource, requireSnippets } from '../../../src/evidence/index-source.js';
import type { Em } from '../../../src/platform/database/database.js';
import { type EmbeddingContext, withEmbedder } from './embedder.js';
import { reasonOf } from './model-failures.js';

/** Keeps them, in the transaction in which the document was indexed. Does nothing where it had been indexed before. */
export type StoreVectors = (em: Em, indexed: Pick<IndexedSource, 'source' | 'created'>) => Promise<void>;

const MOST = 2_000; // passages of one document; a run that searches goes on with the others

const storeNothing: StoreVectors = async () => undefined;

export async function embedNewSnippets(
  ctx: EmbeddingContext,
  title: string,
  document: DocumentText,
): Promise<StoreVectors> {
  if (!ctx.services.embedding) return storeNothing;
  const snippets = requireSnippets(document).slice(0, MOST);
  const texts = snippets.map(({ text }) => embeddedText(title, text));
  try {
    const made = await withEmbedder(ctx, { what: 'passages', share: 1 }, async ({ space, embed }) => ({
      space,
      vectors: await embed('passage', texts),
    }));
    if (made === null) return storeNothing;
    const place = { tenantId: ctx.tenantId, projectId: ctx.run.projectId, space: made.space };
    return async (em, { source, created }) => {
      if (!created) return;
      const rows = snippets.map(({ ordinal }) => ({ sourceId: source.id, ordinal }));
      await storeEmbeddings(em, place, rows, made.vectors);
    };
  } catch (error) {
    ctx.signal.throwIfAborted();
    if (reasonOf(error) === null) throw error;
    const message = `Indexed without vectors, which the next search will make: ${(error as Error).message}`;
    ctx.emit({
      type: 'UNCERTAINTY_FOUND',
      level: 'WARN',
      message,
      payload: { code: 'EMBEDDINGS_LEFT_OUT', page: null },
    });
    return storeNothing;
  }
}
