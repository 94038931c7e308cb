/** What the words of a heading can look like, whatever they are set in. */

/** Headings that papers share, with or without a number. */
const KNOWN =
  /^(?:(?:\d{1,2}|[IVX]{1,5}|[A-H])[.:)]?\s*)?(?:a ?b ?s ?t ?r ?a ?c ?t|summary|(?:general )?introduction|background|motivation|(?:materials?,? (?:and|&) )?(?:\p{L}+ )?methods?(?:\/design| and materials?)?|methodology|(?:main )?results?(?:(?: and|,|\/) ?(?:general )?discussions?)?|(?:general )?discussions?(?: and conclusions?)?|conclusions?(?:(?: and|,|\/) ?.{3,40})?|concluding remarks|(?:related|previous|prior) works?|limitations|future (?:work|directions)|r ?e ?f ?e ?r ?e ?n ?c ?e ?s?(?: and notes| cited)?|bibliography|literature cited|appendi(?:x|ces)(?: [a-z])?|(?:acknowledge?ments?)|funding(?: (?:statement|information|sources?))?|author(?:s|[’']s?|s[’'])? (?:contributions?|details|information)|(?:declarations? of )?(?:competing|conflict(?:ing|s)?(?: of)?) (?:financial )?interests?(?: statement)?|statement of need|(?:data|code) availability(?: statement)?|abbreviations|trial status|additional files?|supporting information|supplementary (?:materials?|information|data)|ethics statement|preliminaries|experimental(?: (?:section|results|setup))?|experiments?|evaluation|implementation|overview|study (?:area|design|population)|(?:data|statistical) analys[ei]s|data collection|participants|outlook|contents|table of contents)[.:]?$/iu;

const NUMBER =
  /^(?:(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?)|(?:[IVX]{1,5}\.(?:(?:[A-H]|\d{1,2})\.?)?)|(?:[A-H](?:\.\d{1,2}){1,2}\.?)|(?:[A-H]\.?)|\d{1,2}\))\s+(?!(?:\p{Lu}\.\s?)+\p{L})\S/u;
const STATEMENT =
  /^(?:theorem|lemma|proposition|corollary|definition|remark|example|proof|claim|conjecture|assumption|axiom|exercise|observation|hypothesis|fact|step|case|question)s?(?:\s*[.:]|\s*$|\s+(?:\d|\(|[a-z]\b[.:]?\s*$|[a-z]\.\d))|^proof of\b/i;
const NO_HEADING =
  /https?:|\bdoi\b|\bissn\b|\w@\w+\.\w|©|\bet al\b|^key ?words?\b|^index terms|^(?:received|accepted|published|edited|reviewed|correspondence|citation|copyright|e-?mail)\b|^cite this|\d{4};\s?\d+|^vol(?:ume|\.)? \d|(?:\. ?){4,}|…{2,}/i;
const MAX_CHARS = 160;
const MAX_SYMBOLS = 0.15; // share of characters that prose does not use

export const isCapitals = (text: string): boolean => !/\p{Ll}/u.test(text) && /\p{Lu}{3}/u.test(text);

export const isKnownHeading = (text: string): boolean => KNOWN.test(text);

/** A section's number and a title after it. */
export const isNumbered = (text: string): boolean => NUMBER.test(text) && !/^[AI] \p{Ll}/u.test(text);

export const hasRomanNumber = (text: string): boolean => /^[IVX]{1,5}\.\s/.test(text);

/**
 * How deep the number says it is: 1 for "2" and "II.", 2 for "2.1"; undefined without one. Where sections have Roman
 * numbers, letters number their parts, and Arabic figures the parts of those.
 */
export function numberDepth(text: string, isRoman: boolean): number | undefined {
  if (!isNumbered(text)) return undefined;
  if (/^[IVX]{1,5}\.[A-H\d]/.test(text)) return 2; // "II.A."
  if (hasRomanNumber(text)) return isRoman || !/^[CDI]\./.test(text) ? 1 : undefined;
  const parts = /^(?:\d{1,2}|[A-H])((?:\.\d{1,2})*)[.)]?\s/.exec(text)?.[1];
  if (parts === undefined) return undefined;
  const depth = 1 + (parts.match(/\./g)?.length ?? 0);
  if (depth > 1) return depth;
  if (isRoman) return /^\d/.test(text) ? 3 : 2;
  return /^\d{1,2}\)/.test(text) ? undefined : 1;
}

/** Whether the words could be a heading's at all. */
export function isHeadingText(text: string): boolean {
  if (isKnownHeading(text)) return true;
  const words = text.replace(/^(?:\d{1,2}(?:\.\d{1,2}){0,3}|[A-Z](?:\.\d+)*|[IVX]+)[.)]?\s+/, '');
  if (text.length > MAX_CHARS || !/\p{L}{3}/u.test(words) || STATEMENT.test(text) || NO_HEADING.test(text))
    return false;
  if (!/^["“‘'(¿]?[\p{Lu}\p{N}]/u.test(text) || (words === text && /^\p{Ll}/u.test(text))) return false;
  if (/^\d+[.)]?\s+\p{Ll}+ /u.test(text)) return false; // an item of a list that is a sentence
  if (
    /[,;=:]$|[^.\d\s]\.\d*$|\b(?:and|the|of|in|a|an|to|for|with|by|that)$/iu.test(text) &&
    !/\b(?:vs|etc|al|spp?)\.$/i.test(text)
  )
    return false;
  return symbolShare(text) <= MAX_SYMBOLS && words.split(' ').length <= 22;
}

const symbolShare = (text: string): number => {
  const dense = text.replace(/\s/g, '');
  return (dense.match(/[^\p{L}\p{N}.,:()'’“”"?!&/–‐-]/gu)?.length ?? 0) / Math.max(1, dense.length);
};
