/**
 * Ranks the sources of a project's library for a question, best first: BM25F over title and body, the question expanded
 * by relevance feedback (RM3) from the best snippets. Three statements at most, in the caller's tenant scope.
 */
import type { Em } from '../platform/database/database.js';
import { loadSql, runSql } from '../platform/database/sql.js';
import { B, K1, TITLE_WEIGHT } from './bm25.js';
import { questionTerms } from './query-terms.js';
import { expandedTerms } from './search-snippets.js';

export interface SourceRanking {
  projectId: string;
  query: string;
  limit: number;
  feedback?: boolean; // true unless said otherwise
}

export interface RankedSource {
  sourceId: string;
  score: number; // BM25F, unbounded; compare within one ranking only
}

const RANK = loadSql(import.meta.url, './rank-sources.sql');

/** Empty when no source holds a word of the query, or the query has no words. */
export async function rankSources(em: Em, ranking: SourceRanking): Promise<RankedSource[]> {
  const terms = ranking.feedback === false ? questionTerms(ranking.query) : await expandedTerms(em, ranking);
  if (terms.size === 0) return [];
  const params = [ranking.projectId, [...terms.keys()], [...terms.values()], K1, B, TITLE_WEIGHT, ranking.limit];
  const rows = await runSql<{ source_id: string; score: number }>(em, RANK, params);
  return rows.map((row) => ({ sourceId: row.source_id, score: row.score }));
}
