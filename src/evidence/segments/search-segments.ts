/**
 * The search of a library that has segments: the same ranking as that of src/evidence/search-snippets.ts, found by reading
 * lists instead of postings. The question's own terms score every snippet of the library; of the terms that feedback adds,
 * those worth most do.
 */
import type { Em } from '../../platform/database/database.js';
import { loadSql, runSql } from '../../platform/database/sql.js';
import { FEEDBACK_TEXTS } from '../bm25.js';
import { expandTerms, feedbackText, type QueryTerms, questionTerms } from '../query-terms.js';
import { type FoundSnippet, type SnippetRow, toFoundSnippet } from '../ranked-snippet.js';
import { tokenize } from '../tokenize.js';
import { type FoundPlace, resolvePlaces, type SegmentedLibrary, scorePlaces, worthOf } from './score-places.js';

export interface SegmentSearch {
  query: string;
  limit: number;
  feedback: boolean;
}

/** Entries of lists that a question may cost, and its expansion on top: four bytes each. */
export interface SearchBudget {
  question: number;
  expansion: number;
}

// At a million snippets of one field, where common words stand in every third: eight of the best ten are those of a search
// without a bound. Of other shares of the same sum none did as well: 800,000 and 800,000 the same for a third more time.
const BUDGET: SearchBudget = { question: 1_200_000, expansion: 200_000 };
const LOAD = loadSql(import.meta.url, './load-snippets.sql');

type Row = SnippetRow & { at: number };

/** Best first; empty when no snippet holds a word of the query. */
export async function searchSegments(
  em: Em,
  library: SegmentedLibrary,
  search: SegmentSearch,
  budget = BUDGET,
): Promise<FoundSnippet[]> {
  return loadSnippets(em, await findPlaces(em, library, search, budget));
}

/** The same without their texts. */
export async function findPlaces(
  em: Em,
  library: SegmentedLibrary,
  { query, limit, feedback }: SegmentSearch,
  budget = BUDGET,
): Promise<FoundPlace[]> {
  const question = questionTerms(query);
  if (question.size === 0) return [];
  const best = async (terms: QueryTerms, options: { limit: number; entries: number }) =>
    resolvePlaces(em, library, await scorePlaces(em, library, terms, options));
  if (!feedback) return best(question, { limit, entries: budget.question });
  const first = await loadSnippets(em, await best(question, { limit: FEEDBACK_TEXTS, entries: budget.question }));
  const texts = first.map(({ sourceTitle, text, score }) => feedbackText(`${sourceTitle}\n${text}`, score));
  return best(expandTerms(question, texts), { limit, entries: budget.expansion });
}

async function loadSnippets(em: Em, places: readonly FoundPlace[]): Promise<FoundSnippet[]> {
  const rows = await runSql<Row>(em, LOAD, [
    places.map(({ sourceId }) => sourceId),
    places.map(({ ordinal }) => ordinal),
  ]);
  return rows.sort((a, b) => a.at - b.at).map((row) => toFoundSnippet(row, places[row.at - 1]?.score ?? 0));
}

/** How much of the question's worth a snippet holds, as search-snippets.sql has it: a word never seen weighs most. */
export function coverageOf(library: SegmentedLibrary, query: string, { heading, text }: FoundSnippet): number {
  const held = new Set(tokenize(`${heading ?? ''}\n${text}`));
  let [asked, matched] = [0, 0];
  for (const [term, weight] of questionTerms(query)) {
    const worth = worthOf(library, term, weight);
    asked += worth;
    if (held.has(term)) matched += worth;
  }
  return asked === 0 ? 0 : Math.min(1, matched / asked);
}
