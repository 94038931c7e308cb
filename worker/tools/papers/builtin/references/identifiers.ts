/** The identifiers an entry carries, and the entry without them and without what only introduces them. */
import { parseArxivId } from '../../../../../src/papers/arxiv-id.js';
import { normaliseDoi } from '../../../../../src/papers/doi.js';

export interface Identified {
  doi: string | null;
  arxivId: string | null;
  url: string | null; // the first that is neither a DOI nor arXiv
  rest: string; // where an identifier stood, nothing stands
}

const DOI =
  /(?:\(?\s?(?:https?:\/\/(?:dx\.|www\.)?doi\.org\/|\bdoi\s?[:.]?\s?(?:https?:\/\/(?:dx\.)?doi\.org\/)?|\bDOI\s?[:.]?\s?))?(10\.\d{4,9}(?:\.\d+)*\/[^\s"”’]+)/gi;
const ARXIV =
  /(?:https?:\/\/(?:www\.)?arxiv\.org\/(?:abs|pdf)\/|\barxiv\s?(?:preprint\s*(?:arxiv)?)?\s?[:.\s/]\s?(?:abs\/)?|\babs\/)(\d{4}\.\d{4,5}(?:v\d+)?|[a-z]+(?:-[a-z]+)?(?:\.[a-z]{2})?\/\d{7}(?:v\d+)?)(?:\s?\[[\w.-]+\])?/gi;
const BARE_ARXIV =
  /\b((?:astro-ph|cond-mat|gr-qc|hep-(?:th|ph|ex|lat)|math-ph|nucl-(?:th|ex)|quant-ph|math|physics|cs|nlin|q-bio)(?:\.[A-Z]{2})?\/\d{7})(?:v\d+)?\b/g;
const URL = /(?:https?:\/\/|ftp:\/\/|\bwww\.)[^\s"”’<>]+/gi;

export function identify(text: string): Identified {
  let rest = text;
  let doi: string | null = null;
  let arxivId: string | null = null;
  let url: string | null = null;
  rest = rest.replace(DOI, (whole, name: string) => {
    const clean = trimmed(name);
    const found = normaliseDoi(clean);
    if (!found) return whole;
    doi ??= found;
    arxivId ??= parseArxivId(found)?.id ?? null;
    return ' ';
  });
  const takeArxiv = (whole: string, id: string): string => {
    const found = parseArxivId(id);
    arxivId ??= found?.id ?? null;
    return found ? ` ${/^arxiv/i.test(whole) ? 'arXiv' : ''} ` : whole;
  };
  rest = rest.replace(ARXIV, takeArxiv).replace(BARE_ARXIV, takeArxiv);
  rest = rest.replace(URL, (whole) => {
    const clean = trimmed(whole);
    if (!/[./]\w/.test(clean.replace(/^\w+:\/\//, ''))) return ' ';
    url ??= clean;
    return ' ';
  });
  return { doi, arxivId, url, rest: withoutEmpty(rest) };
}

/** Without what closes a sentence or a bracket around it. */
function trimmed(address: string): string {
  let clean = address.replace(/[.,;:>]+$/, '');
  while (/[)\]]$/.test(clean) && count(clean, /[)\]]/g) > count(clean, /[([]/g))
    clean = clean.slice(0, -1).replace(/[.,;:]+$/, '');
  return clean.replace(/\](?:https?:.*)?$/, (end) => (clean.includes('[') ? end : ''));
}

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

const INTRODUCTION =
  /[([]?\s*(?:(?:available (?:from|at|online)|retrieved (?:from|[^.]{4,30}, from)|accessed(?: on| at)?|url|doi|ISSN|e?print|online|from)\s*:?\s*)?[)\]]\s*(?=[.,;]|$)/gi;

function withoutEmpty(text: string): string {
  return text
    .replace(
      /\[(?:SPIRES|PubMed|CrossRef|Google Scholar|PMC(?: free article)?|Medline|ISI|Web of Science|MR\s?\d+|Zbl\s?[\d.]+)\]/gi,
      ' ',
    )
    .replace(/\b(?:PMID|PMCID|ISBN|ISSN)\s?:?\s?[\dPMCX–-]+/g, ' ')
    .replace(
      /(?:Publisher Full Text|Full Text|PubMed Abstract|Reference Source|Google Scholar|Free Full Text)(?:\s?\|\s?)?/g,
      ' ',
    )
    .replace(INTRODUCTION, (whole) => (/^[([]/.test(whole.trim()) ? ' ' : whole))
    .replace(/\(\s*(?:doi:?)?\s*\)|\[\s*(?:doi:?)?\s*\]/gi, ' ')
    .replace(/\b(?:doi|DOI|URL|url)\s?:\s*(?=[.,;)]|$)/g, ' ')
    .replace(/\s+([.,;:)\]])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}
