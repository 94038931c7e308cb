/** What is known of the embedding model that helps to find passages: which, where, at what price. */
export interface EmbeddingConfig {
  baseUrl: string; // without a slash at the end; the endpoint is `${baseUrl}/embeddings`
  apiKey: string | undefined;
  model: string; // as the endpoint names it
  dimensions: number | null; // to ask for; null: as the model has it
  timeoutMs: number;
  /** USD for a million tokens. Null: only the endpoint can tell what a call has cost. */
  price: number | null;
}

/**
 * Names the space that its vectors stand in, kept beside each: vectors of different spaces are never compared. A model that was
 * asked for another length has another space.
 */
export const spaceOf = ({ model, dimensions }: Pick<EmbeddingConfig, 'model' | 'dimensions'>): string =>
  dimensions === null ? model : `${model}#${dimensions}`;
