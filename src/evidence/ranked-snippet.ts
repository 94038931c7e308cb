/** A snippet as a search hands it out. */

export interface FoundSnippet {
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
}

/** And how well it fits the question. */
export interface RankedSnippet extends FoundSnippet {
  coverage: number; // 0..1: how much of the question, weighed by rarity, occurs in the snippet
}

/** As the searches' statements answer it, less what each adds of its own. */
export interface SnippetRow {
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
}

export const toFoundSnippet = (row: SnippetRow, score: number): FoundSnippet => ({
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
  score,
});
