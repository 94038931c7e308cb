/**
 * Marks what is no evidence, in any format: reference lists, acknowledgements and the like, what stands before the
 * abstract, copyright lines. The text stays in the snapshot; no snippet is cut from it.
 */
import type { ExcludedSpan, Exclusion, HeadingSpan } from '../../../src/evidence/document-text.js';

const REFERENCES =
  /^(?:[\dIVX.]+\s+)?(?:references?(?: and notes| cited)?|bibliography|literature(?: cited)?|works cited|r e f e r e n c e s|sources|further reading)[.:]?$/i;
const BACK_MATTER =
  /^(?:[\dIVX.]+\s+)?(?:acknowledge?ments?|funding(?: statement| information| sources?)?|grant information|author(?:s’|s'|s)? contributions?|contributors|(?:declaration of )?(?:competing|conflicting) interests?|(?:declaration of )?conflicts? of interests?(?: statement)?|disclosures?|data (?:and code |and software )?availability(?: statement)?|code availability|ethics(?: statement| approval)?|abbreviations|author(?:s’|s'|s)? (?:details|information)|consent|copyright|licen[cs]e|supporting information|additional files?|open peer review|referee report.*|supplementary (?:material|data|information)|trial status)[.:]?$/i;
const MAIN_START =
  /^(?:[\dIVX.]+\s+)?(?:abstract|a b s t r a c t|summary|introduction|background|statement of need|motivation)[.:]?$/i;
const APPENDIX = /^(?:appendix|appendices|supplement|annex|[A-Z]\.?(?:\d+)?\s+\p{Lu})/iu;

const RUN_IN =
  /^(?:acknowledge?ments?|funding|competing interests?|conflicts? of interests?|author contributions?|key ?words|index terms|correspond(?:ence|ing author)[^.]{0,20}|e-?mail|received|accepted|citation|edited by|cite this article|doi|issn|copyright|licen[cs]e)\s?[.:—–-]/i;
const BOILERPLATE =
  /©|\ball rights reserved\b|\bcreative commons\b|\bpermission to (?:make|reproduce)|\bthis is an open.access article\b|\bgrants permission\b|\bpublished (?:online|by)\b.*\b(?:19|20)\d\d\b|\breceived:? .*\baccepted\b|\bcorresponding author\b|\bfull list of author information\b|\bequal contribution\b|\bwork (?:performed|done) (?:while|during)\b|\bequally to this work\b|[\w.-]+@[\w-]+\.\w+|\bpresent address\b/i;
const REFERENCE_ENTRY =
  /^(?:\[[\w+-]{1,12}\]|\(?\d{1,3}[.)])\s.*\b(?:19|20)\d\d\b|^\p{Lu}[\p{L}’'-]+,? (?:\p{Lu}\.? ?){1,3}[,.&].*\b(?:19|20)\d\d\b/u;

/** `text` has its paragraphs on lines of their own; headings in text order. Returns disjoint spans in text order. */
export function markSections(text: string, headings: readonly HeadingSpan[], frontMatter: boolean): ExcludedSpan[] {
  const excluded: ExcludedSpan[] = [];
  const mainStart = frontMatter ? frontMatterEnd(headings) : 0;
  let section: Exclusion | undefined;
  let next = 0;
  let offset = 0;
  for (const paragraph of text.split('\n\n')) {
    const startOffset = offset;
    const endOffset = startOffset + Buffer.byteLength(paragraph);
    offset = endOffset + 2;
    let isHeading = false;
    for (let heading = headings[next]; heading && heading.startOffset <= startOffset; heading = headings[++next]) {
      section = sectionAfter(section, heading.title);
      isHeading = true;
    }
    const reason = section ?? (isHeading ? undefined : reasonOf(paragraph, startOffset, mainStart));
    if (reason === undefined) continue;
    const last = excluded.at(-1);
    if (last?.reason === reason && last.endOffset === startOffset - 2) last.endOffset = endOffset;
    else excluded.push({ reason, startOffset, endOffset });
  }
  return excluded;
}

/** A reference list ends at an appendix or other back matter only: what looks like a heading inside it is a journal's name. */
function sectionAfter(section: Exclusion | undefined, heading: string): Exclusion | undefined {
  if (REFERENCES.test(heading)) return 'REFERENCES';
  if (BACK_MATTER.test(heading)) return 'ACKNOWLEDGEMENTS';
  if (section === 'REFERENCES') return APPENDIX.test(heading) ? undefined : section;
  return undefined;
}

function reasonOf(paragraph: string, startOffset: number, mainStart: number): Exclusion | undefined {
  if (startOffset < mainStart)
    return paragraph.length < LONG_PARAGRAPH || BOILERPLATE.test(paragraph) ? 'FRONT_MATTER' : undefined;
  if (RUN_IN.test(paragraph)) return 'ACKNOWLEDGEMENTS';
  if (paragraph.length < BOILERPLATE_REACH && BOILERPLATE.test(paragraph)) return 'FRONT_MATTER';
  return REFERENCE_ENTRY.test(paragraph) &&
    /\b\d+\s?[(:,]\s?\d+|\bpp?\.|doi|arxiv|https?:|\bProc\b|\bJ\. |Journal|Press/i.test(paragraph) &&
    paragraph.length < 500
    ? 'REFERENCES'
    : undefined;
}

const LONG_PARAGRAPH = 400; // characters: an abstract without a heading; addresses and author lists are shorter
const BOILERPLATE_REACH = 1_200; // characters: longer paragraphs are text that mentions such things

/** Where the abstract or the introduction begins; 0 when the paper names neither on its first pages. */
function frontMatterEnd(headings: readonly HeadingSpan[]): number {
  const start = headings.find((heading) => MAIN_START.test(heading.title));
  return start && start.startOffset < MAX_FRONT_MATTER_BYTES ? start.startOffset : 0;
}

const MAX_FRONT_MATTER_BYTES = 8_000; // long author lists; beyond it the heading found is another "Background"
