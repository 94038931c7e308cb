/** What every reader of a field works on: the document as it was read, and what its neighbours have found already. */
import type { HeadingSpan } from '../../../../src/evidence/document-text.js';
import type { FieldConfidence, PaperUncertainty, TextLine } from '../../../../src/papers/structured-paper.js';
import type { DocumentLayout } from '../../documents/document-layout.js';

export interface PaperSource {
  text: string;
  title: string | null; // as the document's layout or markup has it
  headings: readonly HeadingSpan[];
  layout: DocumentLayout;
  lines: readonly TextLine[]; // of all paragraphs, ascending; empty without pages
}

/** What a reader of fields answers beside the fields. */
export interface Assessment {
  confidence: FieldConfidence[];
  uncertainties: PaperUncertainty[];
}
