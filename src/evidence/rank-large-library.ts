/**
 * Ranks the sources of a large library: those with the best passages are scored as wholes, by the formula that ranks all
 * sources of a small one (rank-sources.ts), since a passage knows neither its title nor what stands around it; and by how near
 * that passage is to the question. Further down sources stand in the order of their best passages (MaxP: Dai & Callan, SIGIR
 * 2019). Scoring every source as a whole would cost seconds: whole papers hold most words.
 */
import type { Em } from '../platform/database/database.js';
import { loadSql, runSql } from '../platform/database/sql.js';
import { B, FEEDBACK_TERMS, FEEDBACK_TEXTS, K1, LARGE_FEEDBACK_TERMS, TITLE_WEIGHT } from './bm25.js';
import { similarityOfSnippets } from './latent/latent-similarity.js';
import { type MeasureNearness, rankByNearness } from './latent/rank-by-nearness.js';
import { mixTerms, type QueryTerms, questionTerms } from './query-terms.js';
import type { RankedSource, SourceRanking } from './ranked-source.js';
import { countSources, type FoundPlace, type SegmentedLibrary } from './segments/score-places.js';
import { findPlaces } from './segments/search-segments.js';
import { compare } from './segments/term-lists.js';

const RESCORED = 50; // sources; of 50, 100 and 200 none was better: nDCG@10 of .477, .478 and .478 on Cranfield
const PASSAGES_A_SOURCE = 4; // that are looked at, so that enough sources are among them

const READ = loadSql(import.meta.url, './segments/read-chosen-postings.sql');
const RELEVANCE = loadSql(import.meta.url, './relevance-of-terms.sql');
// Index: sources_lengths, alone.
const LENGTHS = `select count(*)::float8 as sources, greatest(avg(body_length + $2::float8 * title_length), 1)::float8 as average
  from sources where project_id = $1`;

interface Candidate extends RankedSource {
  best: FoundPlace; // its best passage
}

export async function rankLargeLibrary(
  em: Em,
  library: SegmentedLibrary,
  ranking: SourceRanking,
): Promise<RankedSource[]> {
  const { query, limit, feedback = true, latent = true } = ranking;
  const passages = PASSAGES_A_SOURCE * Math.max(RESCORED, limit);
  const found = bySource(await findPlaces(em, library, { query, limit: passages, feedback }));
  const lexical = await scoreWholes(em, library, found.slice(0, RESCORED), {
    question: questionTerms(query),
    feedback,
  });
  const rescored = latent
    ? await rankByNearness(em, ranking, lexical, { measure, idOf: ({ sourceId }) => sourceId })
    : lexical;
  return [...rescored, ...below(rescored, found)].slice(0, limit).map(({ sourceId, score }) => ({ sourceId, score }));
}

/** In the order of their best passages. */
function bySource(places: readonly FoundPlace[]): Candidate[] {
  const sources = new Map<string, Candidate>();
  for (const best of places) {
    const { sourceId, score } = best;
    if (!sources.has(sourceId)) sources.set(sourceId, { sourceId, score, best });
  }
  return [...sources.values()];
}

/** Best first. */
async function scoreWholes(
  em: Em,
  library: SegmentedLibrary,
  candidates: readonly Candidate[],
  { question, feedback }: { question: QueryTerms; feedback: boolean },
): Promise<Candidate[]> {
  if (candidates.length === 0) return [];
  const wholes = await openWholes(em, library, candidates);
  const first = await wholes.score(question);
  return feedback ? wholes.score(await expand(em, question, first)) : first;
}

async function openWholes(em: Em, library: SegmentedLibrary, candidates: readonly Candidate[]) {
  const { projectId } = library;
  const [lengths] = await runSql<{ sources: number; average: number }>(em, LENGTHS, [projectId, TITLE_WEIGHT]);
  const { sources = 0, average = 1 } = lengths ?? {};
  const read = new Map<string, { id: string; gain: number }[]>(); // by term
  const sourceIds = candidates.map(({ sourceId }) => sourceId);
  const readTerms = async (terms: readonly string[]) => {
    for (const term of terms) read.set(term, []);
    const rows = await runSql<{ source_id: string; term: string; tf: number; length: number }>(em, READ, [
      projectId,
      terms,
      sourceIds,
      TITLE_WEIGHT,
    ]);
    for (const { source_id: id, term, tf, length } of rows)
      read.get(term)?.push({ id, gain: (tf * (K1 + 1)) / (tf + K1 * (1 - B + (B * length) / average)) });
  };
  return {
    /** BM25F over title and body as one bag, as in rank-sources.sql. Best first. */
    async score(terms: QueryTerms): Promise<Candidate[]> {
      const asked = [...terms.keys()];
      const frequencies = await countSources(em, library, asked);
      await readTerms(asked.filter((term) => !read.has(term)));
      const scores = new Map<string, number>();
      for (const [term, weight] of terms) {
        const frequency = frequencies.get(term) ?? 0;
        const worth = weight * Math.log(1 + (Math.max(0, sources - frequency) + 0.5) / (frequency + 0.5));
        for (const { id, gain } of read.get(term) ?? []) scores.set(id, (scores.get(id) ?? 0) + worth * gain);
      }
      return candidates
        .map((candidate) => ({ ...candidate, score: scores.get(candidate.sourceId) ?? 0 }))
        .sort((a, b) => b.score - a.score || (a.sourceId < b.sourceId ? -1 : 1));
    },
  };
}

/** RM3 from the best as wholes, of which the terms that weigh most are asked beside the question's own. */
async function expand(em: Em, question: QueryTerms, ranked: readonly Candidate[]): Promise<QueryTerms> {
  const best = ranked.slice(0, FEEDBACK_TEXTS);
  const rows = await runSql<{ term: string; relevance: number }>(em, RELEVANCE, [
    best.map(({ sourceId }) => sourceId),
    best.map(({ score }) => Math.exp(score - (best[0]?.score ?? 0))),
    TITLE_WEIGHT,
    FEEDBACK_TERMS,
  ]);
  const expanded = [...mixTerms(question, new Map(rows.map(({ term, relevance }) => [term, relevance])))];
  const added = expanded
    .filter(([term]) => !question.has(term))
    .sort((a, b) => b[1] - a[1] || compare(a[0], b[0]))
    .slice(0, LARGE_FEEDBACK_TERMS);
  return new Map([...expanded.filter(([term]) => question.has(term)), ...added]);
}

const measure: MeasureNearness<Candidate> = (em, question, candidates) =>
  similarityOfSnippets(
    em,
    question,
    candidates.map(({ best }) => best),
  );

/** Those that were not scored as wholes, below those that were: their scores fall from the least of these. */
function below(rescored: readonly Candidate[], found: readonly Candidate[]): Candidate[] {
  const [least, from] = [rescored.at(-1)?.score ?? 0, found[RESCORED - 1]?.score ?? 1];
  return found.slice(RESCORED).map((source) => ({ ...source, score: (least * source.score) / from }));
}
