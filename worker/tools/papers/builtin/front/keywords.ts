/** Keywords: the line that says so, up to its end; or the short lines under a heading that does. */
import type { DocumentParagraph } from '../../../documents/document-layout.js';

const LEAD =
  /^\W{0,2}(?:(?:author )?key ?-?words?(?: and phrases)?|index terms|palabras clave|mots[- ]cl[ée]s|schlüssel(?:wörter|worte)|palavras[- ]chave|parole chiave)\s*(?:\([^)]*\))?\s*[.:—–-]*\s*/iu;
const MAX_KEYWORDS = 20;
const LAST_PAGE = 3;

export function findKeywords(paragraphs: readonly DocumentParagraph[]): string[] {
  const early = paragraphs.filter(({ lines }) => (lines[0]?.page ?? 1) <= LAST_PAGE).slice(0, 150);
  for (const [index, paragraph] of early.entries()) {
    const lead = LEAD.exec(paragraph.text)?.[0];
    if (lead === undefined) continue;
    const rest = paragraph.text.slice(lead.length);
    if (rest !== '') {
      if (!/[.:—–-]\s*$/.test(lead) && !/[,;·•]/.test(rest)) continue;
      return split(paragraph.lines.length > 1 && !/[,;·•|]/.test(rest) ? byLine(paragraph, lead) : rest);
    }
    const under = early.slice(index + 1, index + 8).filter((next) => isUnder(paragraph, next));
    const first = under[0];
    if (first && /[,;·•|]/.test(first.text)) return split(first.text);
    const own = under
      .filter(({ text }) => text.length < 60)
      .flatMap(({ lines, text }) => (lines.length > 0 ? lines.map((line) => line.text) : [text]));
    if (own.length > 0) return split(own.join(';'));
  }
  return [];
}

/** One keyword a line, as some journals set them in a narrow column. */
const byLine = ({ lines }: DocumentParagraph, lead: string): string =>
  lines
    .map((line) => line.text)
    .join(';')
    .slice(lead.trimEnd().length);

function isUnder(heading: DocumentParagraph, next: DocumentParagraph): boolean {
  const [above, below] = [heading.lines[0], next.lines[0]];
  if (!above || !below) return true;
  if (above.page !== below.page || next.role === 'HEADING') return false;
  const drop = below.baseline - above.baseline;
  return drop > 0 && drop < 12 * above.size && Math.abs(below.box.x - above.box.x) < 3 * above.size;
}

function split(text: string): string[] {
  const mark = /;/.test(text) ? ';' : /[·•|∙]/.test(text) ? /[·•|∙]/ : /,/.test(text) ? ',' : /\s[–—-]\s/;
  return text
    .split(mark)
    .map((word) => word.replace(/\s+/g, ' ').replace(/^[\s.,:]+|[\s.,;]+$/g, ''))
    .filter((word) => word.length > 1 && word.length < 80)
    .slice(0, MAX_KEYWORDS);
}
