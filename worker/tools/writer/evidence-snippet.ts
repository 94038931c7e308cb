/**
 * What the writer is given: passages of immutable snapshots, each with the place it stands at. The writer itself does
 * no I/O: whoever calls it has read the snapshots and pinned their hashes.
 */
import type { SourceNotice } from '../../../src/evidence/source.entity.js';
import type { PaperUncertaintyCode } from '../../../src/papers/structured-paper.js';

export interface EvidenceSnippet {
  snippetId: string;
  sourceId: string;
  sourceTitle: string;
  sourceAuthors: string[];
  sourceYear: number | null;
  snapshotId: string;
  /** Lower-case hex sha256 of the snapshot's UTF-8 text. */
  snapshotSha256: string;
  text: string;
  /** UTF-8 byte offsets of `text` in the snapshot, half-open. */
  startOffset: number;
  endOffset: number;
  /** 1-based page of the original on which it starts, where it has pages. */
  page: number | null;
  /** Where further pages begin inside it: a sentence at or after `startOffset` stands on `page`. In text order. */
  pageStarts: { page: number; startOffset: number }[];
  heading: string | null;
  /** Retrieval score, larger is better; only the order and the ratio within one answer mean anything. */
  score: number;
}

/** The source as the ingest stage pinned it: what the gates compare a draft with, never the draft's own copy. */
export interface PinnedSource {
  sourceId: string;
  title: string;
  authors: string[];
  year: number | null;
  snapshotId: string;
  snapshotSha256: string;
  /** How the work is found elsewhere; what reference managers are told besides title, authors and year. */
  published?: PublishedAs;
  /** What could not be read of it: a quote from there would be missing in the report. */
  unread?: UnreadPart[];
  /** What is said against the work, and whether there was more of it than its abstract. */
  standing?: { retracted: boolean; notices: SourceNotice[]; abstractOnly: boolean };
}

export interface PublishedAs {
  venue: string | null;
  doi: string | null;
  arxivId: string | null;
  url: string | null;
}

export interface UnreadPart {
  code: PaperUncertaintyCode;
  /** 1-based, ascending; empty when the whole of it is meant or it has no pages. */
  pages: number[];
}
