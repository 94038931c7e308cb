/** Title, authors, abstract, year and identifiers: what stands before the first section. */
import type { PaperAuthor, Place } from '../../../../src/papers/structured-paper.js';
import type { Assessment, PaperSource } from './paper-source.js';

export interface FrontMatter extends Assessment {
  title: string | null;
  authors: PaperAuthor[];
  abstract: string | null;
  year: number | null;
  doi: string | null;
  arxivId: string | null;
  keywords: string[];
  places: { title: Place | null; abstract: Place | null };
}

export function readFrontMatter(source: PaperSource): FrontMatter {
  return {
    title: source.title,
    authors: [],
    abstract: null,
    year: null,
    doi: null,
    arxivId: null,
    keywords: [],
    places: { title: null, abstract: null },
    confidence: [],
    uncertainties: [],
  };
}
