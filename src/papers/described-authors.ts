/** Joins the names a paper is listed under with what the paper prints beside them. */
import type { PaperAuthor, Place } from './structured-paper.js';

export interface DescribedAuthor {
  name: string;
  affiliations: string[];
  email: string | null;
  orcid: string | null;
  place: Place | null;
}

/** `names` come from the caller, from where the paper was fetched, or from the paper; `printed` always from the paper. */
export function describedAuthors(names: readonly string[], printed: readonly PaperAuthor[]): DescribedAuthor[] {
  const byName = new Map(printed.map((author) => [folded(author.name), author]));
  return names.map((name) => {
    const author = byName.get(folded(name));
    if (!author) return { name, affiliations: [], email: null, orcid: null, place: null };
    const { affiliations, email, orcid, startOffset, endOffset, page, box } = author;
    return { name, affiliations, email, orcid, place: { startOffset, endOffset, page, box } };
  });
}

/** Without case, accents and full stops: "Sarah J. Nelson-Böhm" and "sarah j nelson bohm" are one person here. */
const folded = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase();
