/**
 * The embedding model, with a record. A replay asks for no vector: what was found by them is an answer of the library, and
 * that is on the record.
 */

import type { EmbeddingModel } from '../model/embedding-model.js';
import type { ModelUsage } from '../model/language-model.js';
import type { Exchanges } from './exchanges.js';

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

export const recordedEmbedding = (model: EmbeddingModel, exchanges: Exchanges): EmbeddingModel => ({
  space: model.space,
  name: model.name,
  prefixes: model.prefixes,
  async embed(request) {
    const { texts, ledger } = request;
    const asked = { operation: 'embed', model: model.name, space: model.space, texts };
    let vectors: Float32Array[] = [];
    await exchanges.ask({ kind: 'MODEL', asked, summary: { operation: 'embed', model: model.name } }, async () => {
      const usage: ModelUsage[] = [];
      vectors = await model.embed({
        ...request,
        ledger: {
          reserve: (most) => ledger.reserve(most),
          charge(taken) {
            usage.push(taken);
            return ledger.charge(taken);
          },
        },
      });
      const dimensions = vectors[0]?.length ?? 0;
      return { status: null, about: { dimensions, usage }, body: bytesOf(vectors, dimensions) };
    });
    return vectors;
  },
});

/** One after the other, little-endian as this machine has them. */
function bytesOf(vectors: readonly Float32Array[], dimensions: number): Uint8Array {
  const bytes = Buffer.alloc(vectors.length * dimensions * FLOAT_BYTES);
  for (const [index, vector] of vectors.entries())
    bytes.set(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), index * dimensions * FLOAT_BYTES);
  return bytes;
}
