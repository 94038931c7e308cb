/**
 * Behaviours of a model endpoint (model-endpoint.ts) that speaks OpenAI's embeddings. Its vectors are hashes of letter
 * trigrams: deterministic, and good for a test of the plumbing alone. They know nothing of meaning.
 */
import { createHash } from 'node:crypto';
import type { ModelBehaviour, ModelCall } from './model-endpoint.js';

export type VectorOf = (text: string) => number[];

export const textsOf = (call: ModelCall): string[] => (call.body as unknown as { input: string[] }).input;

/** Each trigram adds to one component, with a sign. */
export const trigrams =
  (dimensions = 64): VectorOf =>
  (text) => {
    const vector = new Array<number>(dimensions).fill(0);
    const letters = ` ${text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, ' ')} `;
    for (let at = 0; at + 3 <= letters.length; at++) {
      const hash = createHash('md5')
        .update(letters.slice(at, at + 3))
        .digest();
      const place = hash.readUInt32LE(0) % dimensions;
      vector[place] = (vector[place] ?? 0) + ((hash[4] ?? 0) % 2 === 0 ? 1 : -1);
    }
    return vector;
  };

/** A right answer, in an order that only the indexes tell. */
export const embeds =
  (vectorOf: VectorOf = trigrams(), usage: object | null = { prompt_tokens: 7, total_tokens: 7 }): ModelBehaviour =>
  (response, call) => {
    const data = textsOf(call).map((text, index) => ({ object: 'embedding', index, embedding: vectorOf(text) }));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ object: 'list', data: data.reverse(), ...(usage && { usage }) }));
  };

/** Whatever was asked. */
export const says =
  (body: string): ModelBehaviour =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(body);
  };
