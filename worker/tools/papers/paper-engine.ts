/** The port behind which a document's bytes become a structured paper. One contract, several engines. */
import type { StructuredPaper, TextLine } from '../../../src/papers/structured-paper.js';
import type { ExtractedText } from '../documents/extract-text.js';
import type { NamedBytes } from '../documents/sniff-media-type.js';

export interface PaperInput extends NamedBytes {
  signal: AbortSignal;
  maxPages?: number; // more is refused before it is read; the reader's own limit when absent
}

/** Every offset of `paper` and `lines` points into `document.text`. */
export interface ReadPaper {
  document: ExtractedText;
  paper: StructuredPaper;
  lines: TextLine[]; // empty when the format has no pages
}

export interface PaperEngine {
  readonly name: 'builtin' | 'grobid';
  /**
   * Fails with UNREADABLE_DOCUMENT or UNSUPPORTED_MEDIA_TYPE, which no second try mends; with UNAVAILABLE (retryable) when
   * a server it needs does not answer; with the reason of `signal` when that is aborted.
   */
  read(input: PaperInput): Promise<ReadPaper>;
}
