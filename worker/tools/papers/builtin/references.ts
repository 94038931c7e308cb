/** The reference list, entry by entry, and the marks in the text that point into it. */
import type { PaperCitation, PaperReference, PaperSection } from '../../../../src/papers/structured-paper.js';
import type { Assessment, PaperSource } from './paper-source.js';

export interface References extends Assessment {
  references: PaperReference[];
  citations: PaperCitation[];
}

export function readReferences(_source: PaperSource, _sections: readonly PaperSection[]): References {
  return { references: [], citations: [], confidence: [], uncertainties: [] };
}
