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
