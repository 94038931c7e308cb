/** Identifiers as GROBID copies them out of a paper, brought to one form; null for what is none. */

const trimmed = (text: string): string => text.trim().replace(/[.,;:)\]]+$/, '');

export function doiIn(text: string | undefined): string | null {
  const found = /\b10\.\d{4,9}\/[^\s"<>{}]+/.exec(text ?? '')?.[0];
  return found ? trimmed(found).toLowerCase() : null;
}

/** The number without "arXiv:" and without the subject class, with its version when printed. */
export const arxivIdIn = (text: string | undefined): string | null =>
  /(?<![\d.])(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?\/\d{7})(?:v\d+)?/i.exec(text ?? '')?.[0] ?? null;

/** As for an id, but in running text: only where it is called one. */
export const arxivIdCalledSo = (text: string): string | null =>
  arxivIdIn(/\barxiv(?:\.org\/(?:abs|pdf)\/|:|\s+preprint\s+arxiv:)\s*(\S+)/i.exec(text)?.[1]);

export function orcidIn(text: string | undefined): string | null {
  const digits = /\b(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dX])\b/i.exec(text ?? '');
  return digits ? digits.slice(1).join('-').toUpperCase() : null;
}

/** Of an ISO date or a date in words. */
export function yearIn(text: string | undefined): number | null {
  const year = /(?<!\d)(?:1[5-9]|20)\d\d(?!\d)/.exec(text ?? '')?.[0];
  return year ? Number(year) : null;
}

export function webAddressIn(text: string | undefined): string | null {
  const found = /\bhttps?:\/\/[^\s"<>{}]+/i.exec(text ?? '')?.[0];
  return found ? found.replace(/[.,;:)\]]+$/, '') : null;
}
