/**
 * Finds the passages of a project's library that answer a question, best first: BM25 over snippets, in Postgres, under
 * the caller's tenant scope. One statement; a few more when the question is expanded by feedback, and when the project has a
 * latent space in which nearness counts too.
 */
import type { Em } from '../platform/database/database.js';
import { loadSql, runSql } from '../platform/database/sql.js';
import { B, FEEDBACK_TEXTS, K1 } from './bm25.js';
import { similarityOfSnippets } from './latent/latent-similarity.js';
import { rankByNearness } from './latent/rank-by-nearness.js';
import { expandTerms, feedbackText, type QueryTerms, questionTerms } from './query-terms.js';

export interface SnippetSearch {
  projectId: string;
  query: string;
  limit: number;
  /** True widens the question by the terms its best snippets share (RM3) and by nearness in the latent space. */
  feedback?: boolean;
}

export interface RankedSnippet {
  id: string;
  sourceId: string;
  snapshotId: string;
  ordinal: number;
  text: string;
  startOffset: number; // UTF-8 bytes into the snapshot, half-open
  endOffset: number;
  page: number | null;
  heading: string | null;
  sourceTitle: string;
  score: number; // compare within one search only
  coverage: number; // 0..1: how much of the question, weighed by rarity, occurs in the snippet
}

interface Row {
  id: string;
  source_id: string;
  snapshot_id: string;
  ordinal: number;
  text: string;
  start_offset: number;
  end_offset: number;
  page: number | null;
  heading: string | null;
  source_title: string;
  score: number;
  coverage: number;
}

const CANDIDATES = 200; // snippets whose nearness is asked for

const SEARCH = loadSql(import.meta.url, './search-snippets.sql');

/** Empty when no snippet holds a word of the query, or the query has no words. */
export async function searchSnippets(em: Em, search: SnippetSearch): Promise<RankedSnippet[]> {
  if (!search.feedback) return searchTerms(em, search.projectId, questionTerms(search.query), search.limit);
  const terms = await expandedTerms(em, search);
  const candidates = await searchTerms(em, search.projectId, terms, Math.max(CANDIDATES, search.limit));
  const ranked = await rankByNearness(em, search, candidates, { measure: similarityOfSnippets, idOf: ({ id }) => id });
  return ranked.slice(0, search.limit);
}

/** The query's terms after relevance feedback from the project's own snippets. */
async function expandedTerms(em: Em, search: { projectId: string; query: string }): Promise<QueryTerms> {
  const question = questionTerms(search.query);
  const best = await searchTerms(em, search.projectId, question, FEEDBACK_TEXTS);
  return expandTerms(
    question,
    best.map(({ sourceTitle, text, score }) => feedbackText(`${sourceTitle}\n${text}`, score)),
  );
}

async function searchTerms(em: Em, projectId: string, terms: QueryTerms, limit: number): Promise<RankedSnippet[]> {
  if (terms.size === 0) return [];
  const rows = await runSql<Row>(em, SEARCH, [projectId, [...terms.keys()], [...terms.values()], K1, B, limit]);
  return rows.map((row) => ({
    id: row.id,
    sourceId: row.source_id,
    snapshotId: row.snapshot_id,
    ordinal: row.ordinal,
    text: row.text,
    startOffset: row.start_offset,
    endOffset: row.end_offset,
    page: row.page,
    heading: row.heading,
    sourceTitle: row.source_title,
    score: row.score,
    coverage: row.coverage,
  }));
}
