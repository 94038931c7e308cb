/**
 * Scores all snippets of a segmented library by the lists of terms: BM25, term by term. Of a large library not every list
 * is read: those of the terms that are worth most come first, until their entries are as many as `ENTRIES`. What is left out then
 * are terms that stand in a large part of all snippets, or weigh next to nothing: they could tell few snippets apart.
 */
import type { Em } from '../../platform/database/database.js';
import { loadSql, runSql } from '../../platform/database/sql.js';
import { B, K1 } from '../bm25.js';
import type { QueryTerms } from '../query-terms.js';
import { readTail, type SegmentSizes, SIZES, type Tail } from './ensure-segments.js';
import { addList, BestPlaces, compare, entriesOf, LISTS, type PlacedScore } from './term-lists.js';

const TAIL = ''; // stands for the segment of those that are in none
const MOST_IN_TAIL = 2 ** 23 - 1; // places that an entry can hold
const SCANNED_TAIL = 0.25; // of a library: with more outside of segments, reading all of a term beats asking each source
const COUNT_UNSEGMENTED = loadSql(import.meta.url, './count-terms-unsegmented.sql');
const COUNT_SOURCES = loadSql(import.meta.url, './count-sources.sql');
const COUNT_SOURCES_UNSEGMENTED = loadSql(import.meta.url, './count-sources-unsegmented.sql');
const COUNT = loadSql(import.meta.url, './count-terms.sql');
const READ_LISTS = loadSql(import.meta.url, './read-lists.sql');
const READ_TAIL_LISTS = loadSql(import.meta.url, './read-tail-lists.sql');
const RESOLVE = loadSql(import.meta.url, './resolve-places.sql');

export interface SegmentedLibrary {
  projectId: string;
  segments: Map<string, number>; // id → places
  tail: Tail;
  snippets: number;
  averageLength: number;
  lists: Map<string, TermList[]>; // of the terms that were read so far
  frequencies: Map<string, number>; // of the terms that were counted so far: snippets
  sourceFrequencies: Map<string, number>; // of the terms that were counted so far: sources in all
}

interface TermList {
  segment: string;
  list: Uint8Array;
}

export interface FoundPlace {
  sourceId: string;
  ordinal: number;
  score: number;
}

/**
 * Null when the library is small: it has no segment, and fewer snippets than would become one (`least`). A large library
 * that has none yet is all tail.
 */
export async function openSegments(
  em: Em,
  projectId: string,
  { least }: Pick<SegmentSizes, 'least'> = SIZES,
): Promise<SegmentedLibrary | null> {
  const rows = await runSql<{ id: string; snippets: number; body_length: number }>(
    em,
    'select id, snippets, body_length::float8 from index_segments where project_id = $1 and method = $2',
    [projectId, LISTS],
  );
  const tail = await readTail(em, projectId, MOST_IN_TAIL);
  if (rows.length === 0 && tail.snippets < least) return null;
  const segments = new Map(rows.map((row) => [row.id, row.snippets]));
  if (tail.snippets > 0) segments.set(TAIL, tail.snippets);
  const snippets = rows.reduce((sum, row) => sum + row.snippets, tail.snippets);
  const bodyLength = rows.reduce((sum, row) => sum + row.body_length, tail.bodyLength);
  const averageLength = Math.max(1, bodyLength / snippets);
  return {
    projectId,
    segments,
    tail,
    snippets,
    averageLength,
    lists: new Map(),
    frequencies: new Map(),
    sourceFrequencies: new Map(),
  };
}

/** Best first, at most `limit`; at most `entries` of lists are read beyond those that were. */
export async function scorePlaces(
  em: Em,
  library: SegmentedLibrary,
  terms: QueryTerms,
  { limit, entries }: { limit: number; entries: number },
): Promise<PlacedScore[]> {
  const chosen = await chooseTerms(em, library, terms, entries);
  await readLists(em, library, chosen);
  const bySegment = new Map<string, { list: Uint8Array; worth: number }[]>();
  // in an order that does not depend on what is in segments: sums of floats do on theirs
  for (const [term, weight] of [...chosen].sort(([a], [b]) => compare(a, b))) {
    const worth = worthOf(library, term, weight);
    for (const { segment, list } of library.lists.get(term) ?? []) {
      const lists = bySegment.get(segment) ?? [];
      lists.push({ list, worth });
      bySegment.set(segment, lists);
    }
  }
  const best = new BestPlaces(limit);
  for (const [segment, lists] of bySegment) {
    const scores = new Float32Array(library.segments.get(segment) ?? 0);
    for (const { list, worth } of lists) addList(scores, list, worth);
    best.offer(segment, scores);
  }
  return best.take();
}

/** So much is outside of segments that terms are counted in the postings of the whole library. */
const isMostlyTail = ({ tail, snippets }: SegmentedLibrary): boolean => tail.snippets > SCANNED_TAIL * snippets;

/** How much a term tells: as in search-snippets.sql. Terms must have been counted. */
export function worthOf({ snippets, frequencies }: SegmentedLibrary, term: string, weight: number): number {
  const frequency = frequencies.get(term) ?? 0;
  return weight * Math.log(1 + (Math.max(0, snippets - frequency) + 0.5) / (frequency + 0.5));
}

/** Term → weight: those worth most, until their lists have as many entries as may be read; one at least. */
async function chooseTerms(em: Em, library: SegmentedLibrary, terms: QueryTerms, entries: number) {
  await countTerms(em, library, [...terms.keys()]);
  const ranked = [...terms]
    .map(([term, weight]) => ({ term, weight, worth: worthOf(library, term, weight) }))
    .sort((a, b) => b.worth - a.worth);
  const chosen = new Map<string, number>();
  let left = entries;
  for (const { term, weight } of ranked) {
    const cost = library.lists.has(term) ? 0 : (library.frequencies.get(term) ?? 0);
    if (cost > left && chosen.size > 0) continue;
    left -= cost;
    chosen.set(term, weight);
  }
  return chosen;
}

/** In segments alone where they have most of the library; the tail is counted as it is read then. */
async function countTerms(em: Em, library: SegmentedLibrary, terms: readonly string[]) {
  const { projectId, frequencies } = library;
  const unknown = terms.filter((term) => !frequencies.has(term));
  const statement = isMostlyTail(library) ? COUNT_UNSEGMENTED : COUNT;
  const rows = await runSql<{ term: string; snippets: number }>(em, statement, [projectId, unknown]);
  for (const { term, snippets } of rows) frequencies.set(term, snippets);
}

/** How many sources hold each term, in title or text. */
export async function countSources(
  em: Em,
  library: SegmentedLibrary,
  terms: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { projectId, tail, sourceFrequencies } = library;
  const unknown = terms.filter((term) => !sourceFrequencies.has(term));
  const rows = isMostlyTail(library)
    ? await runSql<SourceCount>(em, COUNT_SOURCES_UNSEGMENTED, [projectId, unknown])
    : await runSql<SourceCount>(em, COUNT_SOURCES, [projectId, unknown, tail.sources]);
  for (const { term, sources } of rows) sourceFrequencies.set(term, sources);
  return sourceFrequencies;
}

interface SourceCount {
  term: string;
  sources: number;
}

async function readLists(em: Em, library: SegmentedLibrary, chosen: ReadonlyMap<string, number>): Promise<void> {
  const { projectId, tail, lists, frequencies, averageLength } = library;
  const unread = [...chosen.keys()].filter((term) => !lists.has(term));
  for (const term of unread) lists.set(term, []);
  const rows = await runSql<{ segment_id: string; term: string; list: string }>(em, READ_LISTS, [projectId, unread]);
  for (const { segment_id: segment, term, list } of rows) lists.get(term)?.push({ segment, list: bytesOf(list) });
  if (tail.snippets === 0) return;
  const params = [projectId, tail.sources, tail.places, unread, K1, B, averageLength];
  const tailRows = await runSql<{ term: string; list: string }>(em, READ_TAIL_LISTS, params);
  for (const { term, list: text } of tailRows) {
    const list = bytesOf(text);
    lists.get(term)?.push({ segment: TAIL, list });
    if (!isMostlyTail(library)) frequencies.set(term, (frequencies.get(term) ?? 0) + entriesOf(list));
  }
}

const bytesOf = (text: string): Buffer => Buffer.from(text, 'base64');

/** The snippets that stand there; those of sources that were deleted since are left out. */
export async function resolvePlaces(
  em: Em,
  { projectId, tail }: SegmentedLibrary,
  places: readonly PlacedScore[],
): Promise<FoundPlace[]> {
  const inSegments = places.filter(({ segment }) => segment !== TAIL);
  const rows = await runSql<{ at: number; source_id: string; ordinal: number }>(em, RESOLVE, [
    projectId,
    inSegments.map(({ segment }) => segment),
    inSegments.map(({ place }) => place),
  ]);
  const found = new Map(rows.map((row) => [inSegments[row.at - 1], row]));
  return places.flatMap((each): FoundPlace[] => {
    if (each.segment === TAIL) return [{ ...inTail(tail, each.place), score: each.score }];
    const row = found.get(each);
    return row ? [{ sourceId: row.source_id, ordinal: row.ordinal, score: each.score }] : [];
  });
}

function inTail({ sources, places }: Tail, place: number): { sourceId: string; ordinal: number } {
  const next = places.findIndex((first) => first > place);
  const at = (next === -1 ? places.length : next) - 1;
  return { sourceId: sources[at] ?? '', ordinal: place - (places[at] ?? 0) };
}
