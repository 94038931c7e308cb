/** What is asked of a ranking of sources, and what it answers. */

export interface SourceRanking {
  projectId: string;
  query: string;
  limit: number;
  feedback?: boolean; // true unless said otherwise
  latent?: boolean; // true unless said otherwise
}

export interface RankedSource {
  sourceId: string;
  score: number; // compare within one ranking only
}
