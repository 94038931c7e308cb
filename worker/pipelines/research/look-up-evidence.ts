/**
 * What the library says of the sources and passages that were found: a question to it like the search, so that a replay has
 * titles, notices and the rest as they stood when the run read them.
 */
import { type Snippet, SnippetEntity } from '../../../src/evidence/snippet.entity.js';
import { type Source, SourceEntity } from '../../../src/evidence/source.entity.js';
import { AppError } from '../../../src/platform/errors.js';
import type { StageContext } from '../../engine/stage.js';
import { askLibrary } from '../../tools/exchanges/ask-library.js';
import type { UnreadPart } from '../../tools/writer/evidence-snippet.js';
import type { FoundPassages } from './checkpoints.js';
import { type PrintedIds, readPrintedIds } from './read-printed-ids.js';
import { readUnreadParts } from './read-unread-parts.js';

const SOURCE_FIELDS = [
  'id',
  'title',
  'authors',
  'year',
  'venue',
  'url',
  'doi',
  'arxivId',
  'snapshotId',
  'retracted',
  'notices',
] as const;
const SNIPPET_FIELDS = ['id', 'sourceId', 'snapshotId', 'startOffset', 'endOffset', 'page', 'heading', 'text'] as const;

export type EvidenceSource = Pick<Source, (typeof SOURCE_FIELDS)[number]>;
export type EvidencePassage = Pick<Snippet, (typeof SNIPPET_FIELDS)[number]>;

export interface LibraryEvidence {
  sources: EvidenceSource[];
  snippets: EvidencePassage[];
  /** By snapshot id, as the readers of each say. */
  unread: [string, UnreadPart[]][];
  printed: [string, PrintedIds][];
}

/** Errors: NOT_FOUND when a passage is no longer there. */
export const lookUpEvidence = (ctx: StageContext, found: FoundPassages): Promise<LibraryEvidence> => {
  const sourceIds = found.sources.map(({ sourceId }) => sourceId);
  const snippetIds = found.snippets.map(({ snippetId }) => snippetId);
  return askLibrary({ operation: 'read evidence', about: { sourceIds, snippetIds } }, () =>
    readRows(ctx, sourceIds, snippetIds),
  );
};

/** A place of a snapshot: UTF-8 bytes, half-open. */
export interface Place {
  snapshotId: string;
  startOffset: number;
  endOffset: number;
}

/** The passages that hold these places whole, one each; a place that none holds has none. */
export const lookUpPassages = (ctx: StageContext, places: readonly Place[]): Promise<EvidencePassage[]> =>
  places.length === 0
    ? Promise.resolve([])
    : askLibrary({ operation: 'read explanations', about: { places } }, () => readPassages(ctx, places));

async function readPassages({ em, run }: StageContext, places: readonly Place[]): Promise<EvidencePassage[]> {
  const rows = await em.find(
    SnippetEntity,
    {
      projectId: run.projectId,
      $or: places.map(({ snapshotId, startOffset, endOffset }) => ({
        snapshotId,
        startOffset: { $lte: startOffset },
        endOffset: { $gte: endOffset },
      })),
    },
    { orderBy: { id: 'asc' } },
  );
  const holds = (place: Place, row: Snippet) =>
    row.snapshotId === place.snapshotId && row.startOffset <= place.startOffset && row.endOffset >= place.endOffset;
  const found = places.flatMap((place) => rows.find((row) => holds(place, row)) ?? []);
  return [...new Set(found)].map((row) => pick(row, SNIPPET_FIELDS));
}

async function readRows({ em }: StageContext, sourceIds: string[], snippetIds: string[]): Promise<LibraryEvidence> {
  const snippets = await em.find(SnippetEntity, { id: { $in: snippetIds } });
  if (snippets.length < snippetIds.length) throw goneFromLibrary();
  const sources = await em.find(SourceEntity, { id: { $in: sourceIds } }, { refresh: true });
  const snapshotIds = [...new Set(snippets.map((snippet) => snippet.snapshotId))];
  return {
    sources: sources.map((source) => pick(source, SOURCE_FIELDS)),
    snippets: snippets.map((snippet) => pick(snippet, SNIPPET_FIELDS)),
    unread: [...(await readUnreadParts(em, snapshotIds))],
    printed: [...(await readPrintedIds(em, snapshotIds))],
  };
}

const pick = <T, K extends keyof T>(row: T, fields: readonly K[]): Pick<T, K> =>
  Object.fromEntries(fields.map((field) => [field, row[field]])) as Pick<T, K>;

export const goneFromLibrary = () =>
  new AppError('NOT_FOUND', 'A source that was found is no longer in the library.', {
    hint: 'Start a new run: it will search the library as it is now.',
  });
