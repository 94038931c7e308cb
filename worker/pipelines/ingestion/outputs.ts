/** What each stage leaves for the next: ids and facts, never text. */

export interface FetchOutput {
  paperId: string;
  contentSha256: string;
  mediaType: string; // as declared
  fileName: string | null;
}

export interface ExtractOutput {
  snapshotId: string;
  extractor: string;
  mediaType: string; // by content
  title: string | null; // as the document has it
  pageCount: number | null;
}

export interface StructureOutput {
  title: string;
  authors: string[];
  year: number | null;
  doi: string | null;
  arxivId: string | null;
  url: string | null;
}
