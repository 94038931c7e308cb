/**
 * The abstract: under its heading, behind its run-in word, or, without either, the text between the authors and the first
 * section that is set apart from the running text.
 */
import type { DocumentLayout, DocumentLine, DocumentParagraph } from '../../../documents/document-layout.js';
import { bottomOf, type FrontPage, isAside } from './front-page.js';
import { isName, readPiece, splitList } from './names.js';
import { plainStretch, type Span } from './stretch.js';

export type AbstractForm = 'HEADED' | 'RUN_IN' | 'UNHEADED';

export interface FoundAbstract extends Span {
  text: string;
  form: AbstractForm;
  top: number | null; // points from the top of its first line, or of its heading
  page: number | null;
  endsSharply: boolean; // by a heading or a line of keywords
}

const WORD =
  '(?:abstract|resumen|résumé|resumo|riassunto|sommario|zusammenfassung|kurzfassung|samenvatting|аннотация|摘要|abstrak|özet)';
const HEADING = new RegExp(`^(?:extended |graphical )?${WORD}\\s*[.:—–-]?$`, 'iu');
const SUMMARY_HEADING = /^(?:(?:executive )?summary|synopsis|author summary)\s*[.:]?$/iu;
const RUN_IN = new RegExp(`^${WORD}\\s*(?:[.:—–-]+\\s*|\\s[•|]\\s*)(?=\\S)`, 'iu');
const SUMMARY_RUN_IN = /^summary\s*(?:[.:—]|\s[–-])\s*(?=\p{Lu})/iu;
const BARE_RUN_IN = /^(?:Abstract|ABSTRACT)\s+(?=[\p{Lu}(])/u; // in bold, without a mark
const SPACED = /^a ?b ?s ?t ?r ?a ?c ?t\b/i;

/** What follows an abstract, and is none of it. */
const END =
  /^(?:\W{0,2}(?:key ?-?words?|index terms|general terms|palabras clave|mots[- ]cl[ée]s|schlüssel(?:wörter|worte)|palavras[- ]chave|parole chiave|subject(?: area| class| categor)\w*|ccs concepts|categories and subject|acm reference|msc\b|pacs\b|ams (?:subject|classification)|mathematics subject|jel\b|abbreviations?|nomenclature|highlights|correspondence|\*?corresponding|\*?\s?correspondence|e-?mail|article (?:info|history)|received\b|accepted\b|published\b|submitted\b|doi\b|https?:\/\/(?:dx\.)?doi|copyright\b|©|\(c\)|citation:|how to cite|cite this|to cite|preprint submitted|edited by|reviewed by|arxiv|permission to|this is an open|open access)|(?:(?:1|I)\.?\s+|1\.0 )?(?:introduction|introducción|introdução|einleitung)\b)/iu;

const PART =
  /^(?:(?:study )?(?:background|context|importance|rationale|significance|introduction|objectives?|aims?|purpose|goals?|hypothes[ie]s|methods?|methodology|materials?(?: and |\s?\/\s?| & )methods?|methods?(?: and |\s?\/\s?)(?:materials?|results|findings|analysis)|patients(?: and methods)?|participants?|subjects|population|design|setting|study design(?: and setting)?|design,? setting,? (?:and )?participants|interventions?|main (?:outcome )?(?:measures?|results)|(?:primary )?outcomes?(?: measures?)?|measurements?(?: and main results)?|data sources?|study selection|data (?:extraction|synthesis|collection)(?: and \w+)?|approach|results?(?: and (?:discussion|conclusions?))?|findings?|principal findings|methods?\/principal findings|conclusions?(?:\s?\/\s?significance| and relevance)?|conclusions? and \w+|discussion|interpretation|implications?|limitations?|originality(?:\/value)?|trial registration|clinical trial registration|registration|funding|problem|solution|contributions?|motivation|evaluation|novelty|practical implications|social implications|research limitations\/implications|design\/methodology\/approach))\s*[.:]?$/i;

const MAX_WORDS = 900; // longer than any journal allows, structured ones included
const MIN_WORDS = 25;
const LAST_PAGE = 4;

export function findAbstract(layout: DocumentLayout, page: FrontPage | null): FoundAbstract | null {
  const { paragraphs } = layout;
  const early = paragraphs.filter(({ lines }) => (lines[0]?.page ?? 1) <= LAST_PAGE);
  for (const [isSummary, heading, runIn] of [
    [false, HEADING, RUN_IN],
    [true, SUMMARY_HEADING, SUMMARY_RUN_IN],
  ] as const) {
    for (const paragraph of early.slice(0, 120)) {
      const text = paragraph.text.replace(SPACED, 'Abstract');
      const at = paragraphs.indexOf(paragraph);
      if (heading.test(text)) {
        const found = gather(layout, at + 1, paragraph, page);
        if (found && (!isSummary || isSetApart(layout, found, at))) return result(found, 'HEADED', paragraph);
      } else {
        const match = runIn.exec(text) ?? (isSummary || text.length < 250 ? null : BARE_RUN_IN.exec(text));
        const skip = match ? match[0].length + paragraph.text.length - text.length : 0;
        const found = match ? gather(layout, at, paragraph, page, skip) : null;
        if (found) return result(found, 'RUN_IN', paragraph);
      }
    }
  }
  return page ? unheaded(layout, page) : null;
}

interface Gathered {
  pieces: { text: string; paragraph: DocumentParagraph; startOffset: number; endOffset: number }[];
  endsSharply: boolean;
}

function result({ pieces, endsSharply }: Gathered, form: AbstractForm, first: DocumentParagraph): FoundAbstract {
  const [start, end] = [pieces[0], pieces.at(-1)] as [Gathered['pieces'][number], Gathered['pieces'][number]];
  const top = first.lines[0] ? first.lines[0].box.y : null;
  return {
    text: joinPieces(pieces.map(({ text }) => text)),
    form,
    startOffset: start.startOffset,
    endOffset: end.endOffset,
    top,
    page: first.lines[0]?.page ?? null,
    endsSharply,
  };
}

/** A sub-heading leads its paragraph; a paragraph that was cut in mid-sentence goes on. */
function joinPieces(texts: readonly string[]): string {
  let joined = '';
  for (const text of texts) {
    if (joined === '') joined = text;
    else if (PART.test(joined.slice(joined.lastIndexOf('\n') + 1))) joined = `${joined.replace(/[.:]?$/, ':')} ${text}`;
    else if (/[.!?:;”"’)\]]$/.test(joined) || /\w+:?\s*https?:\S+$/.test(joined)) joined += `\n\n${text}`;
    else joined += ` ${text}`;
  }
  return joined;
}

const wordsOf = (text: string): number => text.split(/\s+/).length;

/** The paragraphs from `from` on that go on in the abstract's setting. `skip`: characters of the run-in word. */
function gather(
  layout: DocumentLayout,
  from: number,
  head: DocumentParagraph,
  page: FrontPage | null,
  skip = 0,
): Gathered | null {
  const pieces: Gathered['pieces'] = [];
  let setting: Setting | null = null;
  let words = 0;
  let endsSharply = false;
  for (const paragraph of layout.paragraphs.slice(from)) {
    const isFirst = paragraph === head;
    let text = isFirst ? paragraph.text.slice(skip).trim() : paragraph.text.trim();
    if (text === '') continue;
    const isPart = PART.test(text) && belongs(paragraph, head, pieces.length === 0);
    if (setting && (isElsewhere(paragraph, setting) || isNote(paragraph, setting))) continue;
    if (!isFirst && END.test(text) && !(isPart && pieces.length === 0)) {
      endsSharply = true;
      break;
    }
    if (
      paragraph.role === 'HEADING' &&
      !isPart &&
      !(isFirst && skip > 0) &&
      !(pieces.length === 0 && wordsOf(text) > MIN_WORDS)
    ) {
      if (!setting && page && paragraph.lines[0] && isAside(page, paragraph.lines[0])) continue;
      endsSharply = true;
      break;
    }
    if (paragraph.role === 'CAPTION') continue;
    if (setting && !isPart && !fits(paragraph, setting, pieces.at(-1)?.text ?? '')) {
      if (paragraph.role === 'FRAGMENT') continue;
      break;
    }
    const whole = text;
    text = withoutTail(paragraph, whole);
    words += wordsOf(text);
    if (words > MAX_WORDS) break;
    const raw = isFirst
      ? Buffer.byteLength(paragraph.text) - Buffer.byteLength(paragraph.text.slice(skip).trimStart())
      : 0;
    const startOffset = paragraph.startOffset + raw;
    pieces.push({ text, paragraph, startOffset, endOffset: startOffset + Buffer.byteLength(text) });
    if (text !== whole) {
      endsSharply = true;
      break;
    }
    if (!isPart && paragraph.role !== 'FRAGMENT') setting = widened(setting, paragraph);
  }
  while (pieces.length > 0 && PART.test(pieces.at(-1)?.text ?? '')) pieces.pop();
  const total = pieces.reduce((sum, { text }) => sum + wordsOf(text), 0);
  return total >= Math.min(MIN_WORDS, 15) ? { pieces, endsSharply } : null;
}

const TAIL =
  /^\W{0,2}(?:key ?-?words?\b|index terms\b|jel\b|pacs\b|msc\b|ccs concepts|categories and subject|palabras clave|mots[- ]cl)/iu;

/** Less a line of keywords that is set without a gap, and the publisher's mark at its end. */
function withoutTail({ lines }: DocumentParagraph, text: string): string {
  const tail = lines.find((line, index) => index > 0 && TAIL.test(line.text));
  const at = tail ? text.indexOf(tail.text.slice(0, 12)) : -1;
  const own = at > 0 ? text.slice(0, at).trim() : text;
  return own.replace(/(?<=[.!?])\s*(?:©|\(c\)|copyright ©?)\s*(?:19|20)\d\d\b.{0,160}$/iu, '').trim();
}

/** Where and how the abstract is set so far. */
interface Setting {
  page: number;
  left: number;
  right: number;
  top: number;
  bottom: number; // the last baseline
  size: number;
  font: string;
}

function widened(before: Setting | null, { lines }: DocumentParagraph): Setting | null {
  const first = lines[0];
  const last = lines.at(-1);
  if (!first || !last) return before;
  const here = lines.filter(({ page }) => page === last.page);
  const base = before && before.page === last.page ? before : null;
  return {
    page: last.page,
    left: Math.min(base?.left ?? Infinity, ...here.map(({ box }) => box.x)),
    right: Math.max(base?.right ?? 0, ...here.map(({ box }) => box.x + box.width)),
    top: Math.min(base?.top ?? Infinity, ...here.map(({ baseline }) => baseline)),
    bottom: Math.max(...here.map(({ baseline }) => baseline)),
    size: before?.size ?? mainSize(lines),
    font: before?.font ?? first.font,
  };
}

function mainSize(lines: readonly DocumentLine[]): number {
  const sizes = lines.map(({ size }) => size).sort((a, b) => a - b);
  return sizes[Math.floor(sizes.length / 2)] as number;
}

/** A sub-heading: not set larger than the abstract's own heading; or the first thing under it. */
function belongs(part: DocumentParagraph, head: DocumentParagraph, isFirst: boolean): boolean {
  const [own, above] = [part.lines[0], head.lines[0]];
  if (!own || !above) return part.level === 0 || part.level > head.level;
  const isLess = own.size < above.size - 0.3 || own.font !== above.font || own.box.x > above.box.x + 20;
  return own.size <= above.size + 0.3 && (isFirst || isLess) && own.page === above.page;
}

/** In a margin or another column, and not below the abstract: it says nothing of where the abstract ends. */
function isElsewhere({ lines, role }: DocumentParagraph, { page, left, right, bottom }: Setting): boolean {
  const first = lines[0];
  if (!first || first.page !== page) return false;
  const isBeside = first.box.x + first.box.width < left + 2 || first.box.x > right - 2;
  return isBeside && (first.baseline < bottom || (role !== 'HEADING' && lines.length < 4));
}

const SAME_SIZE = 0.05; // relative

/** A footnote or licence at the foot of the page: smaller, or of the page that the abstract has left already. */
const isNote = ({ lines, role }: DocumentParagraph, { page, size }: Setting): boolean => {
  const first = lines[0];
  if (!first || role === 'HEADING') return false;
  return first.page < page || (first.page === page && mainSize(lines) < (1 - SAME_SIZE) * size);
};

function fits({ lines, text }: DocumentParagraph, setting: Setting, before: string): boolean {
  const first = lines[0];
  if (!first) return true;
  const goesOn = !/[.!?:”"’)\]]$/.test(before) && !/^\p{Lu}/u.test(text);
  const isSized = Math.abs(mainSize(lines) - setting.size) <= SAME_SIZE * setting.size;
  if (first.page !== setting.page) return isSized && goesOn;
  const here = lines.filter(({ page }) => page === first.page);
  const left = Math.min(...here.map(({ box }) => box.x));
  const right = Math.max(...here.map(({ box }) => box.x + box.width));
  const slack = 1.6 * setting.size;
  const isWithin = left > setting.left - slack && right < setting.right + slack;
  const drop = first.baseline - setting.bottom;
  if (!isWithin) return isSized && goesOn && first.font === setting.font;
  if (text.length < 25 && Math.abs(mainSize(lines) - setting.size) > SAME_SIZE * setting.size) return false;
  return isSized && drop > -2 * setting.size && drop < 5 * setting.size;
}

/** "Summary" heads an abstract only where its text is set apart; elsewhere it is a section like others. */
function isSetApart(layout: DocumentLayout, { pieces }: Gathered, heading: number): boolean {
  const { body, paragraphs } = layout;
  if (!body) return paragraphs.slice(heading + 1).some(({ role, text }) => role === 'HEADING' && END.test(text));
  const lines = pieces.flatMap(({ paragraph }) => paragraph.lines);
  return isDistinct(layout, lines);
}

/** Set in another size, font or width than the running text. */
function isDistinct({ body, paragraphs }: DocumentLayout, lines: readonly DocumentLine[]): boolean {
  const first = lines[0];
  if (!body || !first) return false;
  if (Math.abs(mainSize(lines) - body.size) > SAME_SIZE * body.size) return true;
  const own = mostUsed(lines.map(({ font }) => font));
  const prose = paragraphs
    .filter(({ role }) => role === 'PARAGRAPH')
    .flatMap((paragraph) => paragraph.lines)
    .filter((line) => !lines.includes(line) && Math.abs(line.size - body.size) <= SAME_SIZE * body.size);
  if (own !== mostUsed(prose.map(({ font }) => font))) return true;
  const columns = mostUsed(prose.map(({ box }) => String(Math.round(box.width / 4) * 4)));
  const width = Math.max(0, ...lines.map(({ box }) => box.width));
  return prose.length > 20 && columns !== undefined && Math.abs(Number(columns) - width) > 2 * body.size;
}

function mostUsed(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** Prose below the authors that is set apart from the running text, or that the first section's heading ends. */
function unheaded(layout: DocumentLayout, page: FrontPage): FoundAbstract | null {
  const top = bottomOf(page);
  if (page.title.length === 0) return null;
  for (const paragraph of page.paragraphs) {
    const first = paragraph.lines[0];
    if (!first || isAside(page, first) || first.baseline <= top) continue;
    if (isSectionHeading(paragraph, page)) return null;
    if (!isProse(paragraph)) continue;
    const found = gather(layout, layout.paragraphs.indexOf(paragraph), paragraph, page);
    if (!found) return null;
    const lines = found.pieces.flatMap((piece) => piece.paragraph.lines);
    const total = found.pieces.reduce((sum, { text }) => sum + wordsOf(text), 0);
    const isShort = total >= 40 && total <= 500;
    const isOne = isDistinct(layout, lines) || (found.endsSharply && found.pieces.length <= 2);
    return isShort && isOne ? result(found, 'UNHEADED', paragraph) : null;
  }
  return null;
}

/** A heading that is neither the title's nor a list of authors in bold. */
const isSectionHeading = ({ role, text, lines }: DocumentParagraph, { title }: FrontPage): boolean =>
  role === 'HEADING' &&
  !title.includes(lines[0] as DocumentLine) &&
  !splitList(plainStretch(text)).some((piece) => isName(readPiece(piece.text).name));

/** Sentences over several lines: no list of names, no address. */
function isProse({ role, text, lines }: DocumentParagraph): boolean {
  if (role !== 'PARAGRAPH' || lines.length < 3 || END.test(text) || /^[*†‡§¹²³]/.test(text)) return false;
  const words = text.match(/\p{L}+/gu) ?? [];
  const small = words.filter((word) => /^\p{Ll}/u.test(word)).length;
  return words.length >= 30 && small > 0.6 * words.length;
}
