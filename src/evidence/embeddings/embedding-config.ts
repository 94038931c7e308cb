/** What is known of the embedding model that helps to find passages: which, where, at what price. */
export interface EmbeddingConfig {
  baseUrl: string; // without a slash at the end; the endpoint is `${baseUrl}/embeddings`
  apiKey: string | undefined;
  model: string; // as the endpoint names it
  dimensions: number | null; // to ask for; null: as the model has it
  /** Put before each text, as some models were trained (E5: “query: ”, “passage: ”); mostly empty. */
  prefixes: EmbeddingPrefixes;
  timeoutMs: number;
  /** USD for a million tokens. Null: only the endpoint can tell what a call has cost. */
  price: number | null;
}

/** Of a run's budget for models: what may be spent on passages of the library, so that something is left for models that write. */
export const PASSAGE_SHARE = 0.5;

export interface EmbeddingPrefixes {
  query: string;
  passage: string;
}

/**
 * Names the space that its vectors stand in, kept beside each: vectors of different spaces are never compared. A model that was
 * asked for another length, or given passages behind other words, has another space. What stands before a question does not
 * count: no vector of a question is kept.
 */
export function spaceOf({ model, dimensions, prefixes }: Pick<EmbeddingConfig, 'model' | 'dimensions' | 'prefixes'>) {
  const asked = dimensions === null ? model : `${model}#${dimensions}`;
  return prefixes.passage === '' ? asked : `${asked} ${JSON.stringify(prefixes.passage)}`;
}
