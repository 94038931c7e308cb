/**
 * Finds the passages of a project's library that answer a question, best first: BM25 over snippets, in Postgres, under
 * the caller's tenant scope. One statement; a few more when the question is expanded by feedback, and when the project has a
 * latent space in which nearness counts too. A large library has segments, and is searched through them (segments/).
 */
import type { Em } from '../platform/database/database.js';
import { loadSql, runSql } from '../platform/database/sql.js';
import { B, FEEDBACK_TEXTS, K1 } from './bm25.js';
import { similarityOfSnippets } from './latent/latent-similarity.js';
import { rankByNearness } from './latent/rank-by-nearness.js';
import { inOneView } from './one-view.js';
import { expandTerms, feedbackText, type QueryTerms, questionTerms } from './query-terms.js';
import { type FoundSnippet, type RankedSnippet, type SnippetRow, toFoundSnippet } from './ranked-snippet.js';
import { openSegments, type SegmentedLibrary } from './segments/score-places.js';
import { coverageOf, searchSegments } from './segments/search-segments.js';

export interface SnippetSearch {
  projectId: string;
  query: string;
  limit: number;
  /** True widens the question by the terms its best snippets share (RM3) and by nearness in the latent space. */
  feedback?: boolean;
}

interface Row extends SnippetRow {
  score: number;
  coverage: number;
}

const CANDIDATES = 200; // snippets whose nearness is asked for

const SNIPPETS = { measure: similarityOfSnippets, idOf: ({ id }: FoundSnippet) => id };
const SEARCH = loadSql(import.meta.url, './search-snippets.sql');

/** Empty when no snippet holds a word of the query, or the query has no words. */
export function searchSnippets(em: Em, search: SnippetSearch): Promise<RankedSnippet[]> {
  return inOneView(em, async (view) => {
    const library = await openSegments(view, search.projectId);
    if (!library) return searchPostings(view, search);
    const found = await searchLargeLibrary(view, library, search);
    return found.map((snippet) => ({ ...snippet, coverage: coverageOf(library, search.query, snippet) }));
  });
}

async function searchPostings(em: Em, search: SnippetSearch): Promise<RankedSnippet[]> {
  const { projectId, limit } = search;
  const question = questionTerms(search.query);
  if (!search.feedback) return searchTerms(em, projectId, question, limit);
  const terms = await expanded(em, projectId, question);
  const candidates = await searchTerms(em, projectId, terms, Math.max(CANDIDATES, limit));
  return (await rankByNearness(em, search, candidates, SNIPPETS)).slice(0, limit);
}

/** Best first. */
export async function searchLargeLibrary(
  em: Em,
  library: SegmentedLibrary,
  { projectId, query, limit, feedback = false }: SnippetSearch,
): Promise<FoundSnippet[]> {
  if (!feedback) return searchSegments(em, library, { query, limit, feedback });
  const candidates = await searchSegments(em, library, { query, limit: Math.max(CANDIDATES, limit), feedback });
  return (await rankByNearness(em, { projectId, query }, candidates, SNIPPETS)).slice(0, limit);
}

/** The question after relevance feedback from the project's own snippets. */
async function expanded(em: Em, projectId: string, question: QueryTerms): Promise<QueryTerms> {
  const best = await searchTerms(em, projectId, question, FEEDBACK_TEXTS);
  return expandTerms(
    question,
    best.map(({ sourceTitle, text, score }) => feedbackText(`${sourceTitle}\n${text}`, score)),
  );
}

async function searchTerms(em: Em, projectId: string, terms: QueryTerms, limit: number): Promise<RankedSnippet[]> {
  if (terms.size === 0) return [];
  const rows = await runSql<Row>(em, SEARCH, [projectId, [...terms.keys()], [...terms.values()], K1, B, limit]);
  return rows.map((row) => ({ ...toFoundSnippet(row, row.score), coverage: row.coverage }));
}
