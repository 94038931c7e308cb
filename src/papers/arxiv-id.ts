/**
 * arXiv identifiers, both schemes (https://info.arxiv.org/help/arxiv_identifier.html): `1707.08567`, since April 2007, and
 * `hep-th/9901001` before. The subject class of an old one (`math.GT/…`) is no part of it.
 */
import { normaliseDoi } from './doi.js';

export interface ArxivId {
  id: string; // without version
  version: number | null; // null: the latest
}

const NEW_STYLE = /^(\d{4}\.\d{4,5})(?:v([1-9]\d{0,2}))?$/i;
const OLD_STYLE = /^([a-z]+(?:-[a-z]+)?)(?:\.[a-z]{2})?\/(\d{7})(?:v([1-9]\d{0,2}))?$/i;
const PAGE = /^(?:https?:\/\/)?(?:(?:www|export)\.)?arxiv\.org\/(?:abs|pdf|html|format|e-print)\//i;
const DOI_PREFIX = '10.48550/arxiv.'; // the DOIs that arXiv registers for its own papers

/** Null when it is none. Takes what people paste: "arXiv:1707.08567v1 [cs.IT]", the address of its page or PDF, its DOI. */
export function parseArxivId(given: string): ArxivId | null {
  const doi = normaliseDoi(given);
  if (doi !== null) return arxivIdOfDoi(doi);
  const bare = given
    .trim()
    .replace(PAGE, '')
    .replace(/^arxiv:\s*/i, '')
    .replace(/\s*\[[^\]]*\]$/, '')
    .replace(/[?#].*$/, '')
    .replace(/\.pdf$/i, '');
  const modern = NEW_STYLE.exec(bare);
  if (modern?.[1]) return { id: modern[1], version: versionOf(modern[2]) };
  const old = OLD_STYLE.exec(bare);
  return old?.[1] ? { id: `${old[1].toLowerCase()}/${old[2]}`, version: versionOf(old[3]) } : null;
}

/** `doi` normalised. Null when it is not one of arXiv's own. */
export const arxivIdOfDoi = (doi: string): ArxivId | null =>
  doi.startsWith(DOI_PREFIX) ? parseArxivId(doi.slice(DOI_PREFIX.length)) : null;

/** As arXiv writes it: `hep-th/9901001v2`. */
export const formatArxivId = ({ id, version }: ArxivId): string => (version === null ? id : `${id}v${version}`);

const versionOf = (digits: string | undefined): number | null => (digits === undefined ? null : Number(digits));
