/** The inverted index of one source: which of its snippets hold a term, and how often. */
import { termFrequencies, tokenize } from './tokenize.js';

export interface Posting {
  term: string;
  titleTf: number;
  bodyTf: number; // sum of tfs
  ordinals: number[]; // ascending
  tfs: number[]; // parallel to ordinals
  lengths: number[]; // of those snippets, in terms; parallel to ordinals
}

export interface InvertedSource {
  postings: Posting[]; // by term, so that concurrent inserts take index pages in one order
  titleLength: number; // terms
  bodyLength: number; // terms of all snippets
  snippetCount: number;
}

/** `snippets` in order of ordinal 0, 1, 2 …; a heading counts as part of each snippet under it. */
export function invert(
  title: string,
  snippets: readonly { text: string; heading: string | undefined }[],
): InvertedSource {
  return invertTerms(
    tokenize(title),
    snippets.map(({ heading, text }) => tokenize(`${heading ?? ''}\n${text}`)),
  );
}

/** The same of texts that are terms already: `snippets` in order of ordinal. */
export function invertTerms(titleTerms: readonly string[], snippets: readonly (readonly string[])[]): InvertedSource {
  const byTerm = new Map<string, Posting>();
  const postingOf = (term: string): Posting => {
    const found = byTerm.get(term) ?? { term, titleTf: 0, bodyTf: 0, ordinals: [], tfs: [], lengths: [] };
    byTerm.set(term, found);
    return found;
  };
  for (const [term, tf] of termFrequencies(titleTerms)) postingOf(term).titleTf = tf;
  let bodyLength = 0;
  snippets.forEach((terms, ordinal) => {
    for (const [term, tf] of termFrequencies(terms)) {
      const posting = postingOf(term);
      posting.bodyTf += tf;
      posting.ordinals.push(ordinal);
      posting.tfs.push(tf);
      posting.lengths.push(terms.length);
    }
    bodyLength += terms.length;
  });
  const postings = [...byTerm.values()].sort((a, b) => (a.term < b.term ? -1 : 1));
  return { postings, titleLength: titleTerms.length, bodyLength, snippetCount: snippets.length };
}
