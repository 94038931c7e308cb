/**
 * Ranks the sources of a project's library for a question, best first: BM25F over title and body, the question expanded
 * by relevance feedback (RM3) from the best of them, fused with their nearness in the project's latent space where it has
 * one (latent/ensure-latent-space.ts). A handful of statements, in the caller's tenant scope. Of a large library so much is
 * worth its time only for sources with good passages (rank-large-library.ts).
 */
import type { Em } from '../platform/database/database.js';
import { loadSql, runSql } from '../platform/database/sql.js';
import { B, FEEDBACK_TEXTS, K1, TITLE_WEIGHT } from './bm25.js';
import { similarityOfSources } from './latent/latent-similarity.js';
import { type MeasureNearness, rankByNearness } from './latent/rank-by-nearness.js';
import { inOneView } from './one-view.js';
import { expandTerms, type FeedbackText, type QueryTerms, questionTerms } from './query-terms.js';
import { rankLargeLibrary } from './rank-large-library.js';
import type { RankedSource, SourceRanking } from './ranked-source.js';
import { openSegments } from './segments/score-places.js';

const CANDIDATES = 1_000; // of the lexical ranking, whose nearness is asked for

// Index: postings_source.
const TERMS_OF = `select source_id, term, body_tf + $2 * title_tf as tf, body_length + $2 * title_length as length
  from postings where source_id = any ($1::uuid[]) order by source_id, term`;
const RANK = loadSql(import.meta.url, './rank-sources.sql');

/** Empty when no source holds a word of the query, or the query has no words. */
export function rankSources(em: Em, ranking: SourceRanking): Promise<RankedSource[]> {
  return inOneView(em, async (view) => {
    const library = await openSegments(view, ranking.projectId);
    return library ? rankLargeLibrary(view, library, ranking) : rankByPostings(view, ranking);
  });
}

async function rankByPostings(em: Em, ranking: SourceRanking): Promise<RankedSource[]> {
  const question = questionTerms(ranking.query);
  const terms = ranking.feedback === false ? question : await expanded(em, ranking.projectId, question);
  const lexical = await rankTerms(em, ranking.projectId, terms, Math.max(CANDIDATES, ranking.limit));
  const ranked =
    ranking.latent === false
      ? lexical
      : await rankByNearness(em, ranking, lexical, { measure, idOf: ({ sourceId }) => sourceId });
  return ranked.slice(0, ranking.limit);
}

async function rankTerms(em: Em, projectId: string, terms: QueryTerms, limit: number): Promise<RankedSource[]> {
  if (terms.size === 0) return [];
  const params = [projectId, [...terms.keys()], [...terms.values()], K1, B, TITLE_WEIGHT, limit];
  const rows = await runSql<{ source_id: string; score: number }>(em, RANK, params);
  return rows.map((row) => ({ sourceId: row.source_id, score: row.score }));
}

async function expanded(em: Em, projectId: string, question: QueryTerms): Promise<QueryTerms> {
  const best = await rankTerms(em, projectId, question, FEEDBACK_TEXTS);
  const rows = await runSql<{ source_id: string; term: string; tf: number; length: number }>(em, TERMS_OF, [
    best.map(({ sourceId }) => sourceId),
    TITLE_WEIGHT,
  ]);
  const texts = new Map<string, { terms: Map<string, number>; length: number }>();
  for (const { source_id: id, term, tf, length } of rows) {
    const text = texts.get(id) ?? { terms: new Map(), length };
    text.terms.set(term, tf);
    texts.set(id, text);
  }
  const feedback = best.flatMap(({ sourceId, score }): FeedbackText[] => {
    const text = texts.get(sourceId);
    return text ? [{ ...text, score }] : [];
  });
  return expandTerms(question, feedback);
}

const measure: MeasureNearness<RankedSource> = (em, question, sources) =>
  similarityOfSources(
    em,
    question,
    sources.map(({ sourceId }) => sourceId),
  );
