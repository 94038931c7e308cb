/**
 * Both searches of a library with what is near in meaning as well: the ranking by words (which has the latent space in it) and
 * the ranking by vectors are fused by rank. A passage without a word of the question is found when it is near enough.
 */
import type { Em } from '../../platform/database/database.js';
import { loadSql, runSql } from '../../platform/database/sql.js';
import { rankSources } from '../rank-sources.js';
import { type RankedSnippet, type SnippetRow, toFoundSnippet } from '../ranked-snippet.js';
import type { RankedSource, SourceRanking } from '../ranked-source.js';
import { type SnippetSearch, searchSnippets } from '../search-snippets.js';
import { fuseRanks } from './fuse-ranks.js';
import type { NearSnippet } from './nearest-snippets.js';

const DEPTH = 200; // of each ranking of snippets that is fused

const READ = loadSql(import.meta.url, '../segments/load-snippets.sql');

/**
 * As rankSources; `near`: snippets nearest to the question, best first. A source stands where its nearest snippet stands.
 * Without any it is rankSources.
 */
export async function rankSourcesByMeaning(
  em: Em,
  ranking: SourceRanking,
  near: readonly NearSnippet[],
): Promise<RankedSource[]> {
  if (near.length === 0) return rankSources(em, ranking);
  const lexical = await rankSources(em, { ...ranking, limit: Math.max(DEPTH, ranking.limit) });
  const nearest = [...new Set(near.map(({ sourceId }) => sourceId))];
  const scores = fuseRanks([lexical.map(({ sourceId }) => sourceId), nearest]);
  return best(scores, ranking.limit).map(([sourceId, score]) => ({ sourceId, score }));
}

/** As searchSnippets; `near`: snippets nearest to the question, best first. Without any it is searchSnippets. */
export async function searchSnippetsByMeaning(
  em: Em,
  search: SnippetSearch,
  near: readonly NearSnippet[],
): Promise<RankedSnippet[]> {
  if (near.length === 0) return searchSnippets(em, search);
  const depth = Math.max(DEPTH, search.limit);
  const lexical = await searchSnippets(em, { ...search, limit: depth });
  const known = new Map(lexical.map((snippet) => [nameOf(snippet), snippet]));
  const scores = fuseRanks([[...known.keys()], near.slice(0, depth).map(nameOf)]);
  const chosen = best(scores, search.limit);
  const unread = near.filter((place) => !known.has(nameOf(place)) && chosen.some(([name]) => name === nameOf(place)));
  for (const snippet of await readSnippets(em, unread)) known.set(nameOf(snippet), snippet);
  return chosen.flatMap(([name, score]) => {
    const snippet = known.get(name);
    return snippet ? [{ ...snippet, score }] : [];
  });
}

const nameOf = ({ sourceId, ordinal }: { sourceId: string; ordinal: number }): string => `${sourceId}:${ordinal}`;

const best = (scores: ReadonlyMap<string, number>, limit: number): [string, number][] =>
  [...scores].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, limit);

/** Found without their words: they cover nothing of the question's. */
async function readSnippets(
  em: Em,
  places: readonly { sourceId: string; ordinal: number }[],
): Promise<RankedSnippet[]> {
  if (places.length === 0) return [];
  const rows = await runSql<SnippetRow>(em, READ, [
    places.map(({ sourceId }) => sourceId),
    places.map(({ ordinal }) => ordinal),
  ]);
  return rows.map((row) => ({ ...toFoundSnippet(row, 0), coverage: 0 }));
}
