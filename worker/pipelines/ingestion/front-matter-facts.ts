/** Bibliographic facts that a paper prints on its first page, taken only where they are unmistakable. */

export interface FrontMatterFacts {
  doi: string | null;
  arxivId: string | null;
  year: number | null;
}

const FIRST_PAGE_CHARS = 6_000;
const DOI =
  /\b(?:doi[:\s]*(?:https?:\/\/(?:dx\.)?doi\.org\/)?|https?:\/\/(?:dx\.)?doi\.org\/)(10\.\d{4,9}\/[^\s"<>{}]+)/i;
const ARXIV = /\barXiv:\s?(\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[A-Z]{2})?\/\d{7}(?:v\d+)?)/i;
const DATED = /(?:©|\(c\)|copyright|published(?: online)?|accepted|received|submitted)[^\n]{0,40}?\b((?:19|20)\d\d)\b/i;

export function frontMatterFacts(text: string): FrontMatterFacts {
  const front = text.slice(0, FIRST_PAGE_CHARS);
  const doi = DOI.exec(front)?.[1]?.replace(/[.,;:)\]]+$/, '') ?? null;
  return { doi, arxivId: ARXIV.exec(front)?.[1] ?? null, year: Number(DATED.exec(front)?.[1] ?? 0) || null };
}
