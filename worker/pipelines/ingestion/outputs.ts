/** What each stage leaves for the next: ids and facts, never text. */
import type { MergedFacts } from '../../tools/papers/merge-facts.js';

export interface FetchOutput {
  paperId: string;
  contentSha256: string;
  mediaType: string; // as declared
  fileName: string | null;
}

export interface ExtractOutput {
  snapshotId: string;
  extractor: string;
  engine: string; // name@version
  mediaType: string; // by content
  title: string | null; // as the document has it
  pageCount: number | null;
}

export type StructureOutput = MergedFacts;
