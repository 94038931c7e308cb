/** A mark in a paragraph that may point into a reference list, before it is placed. */

export interface CitationMark {
  index: number; // characters from the paragraph's start
  text: string;
  references: number[]; // indexes into the references; empty: it points to nothing that the list has
}

/** What the marks of one kind are looked up in. */
export interface CitedEntry {
  index: number; // into the paper's references
  label: string | null;
  authors: readonly string[];
  year: number | null;
  raw: string;
}

export const ascending = (indexes: Iterable<number>): number[] => [...new Set(indexes)].sort((a, b) => a - b);
