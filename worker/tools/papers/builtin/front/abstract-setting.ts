/** How an abstract is set, and which paragraphs go on in that setting. */
import type { BodySetting, DocumentLine, DocumentParagraph } from '../../../documents/document-layout.js';

/** Where and how the abstract is set so far. */
export interface Setting {
  page: number;
  left: number;
  right: number;
  top: number;
  bottom: number; // the last baseline
  lines: number; // on that page
  size: number;
  font: string; // of most of its first paragraph's lines
}

export function widened(before: Setting | null, { lines }: DocumentParagraph): Setting | null {
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
    lines: (base?.lines ?? 0) + here.length,
    size: before?.size ?? mainSize(lines),
    font: before?.font ?? mainFont(lines),
  };
}

export function mainSize(lines: readonly DocumentLine[]): number {
  const sizes = lines.map(({ size }) => size).sort((a, b) => a - b);
  return sizes[Math.floor(sizes.length / 2)] as number;
}

const mainFont = (lines: readonly DocumentLine[]): string => mostUsed(lines.map(({ font }) => font)) ?? '';

export function mostUsed(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

const MIN_LINES = 3; // fewer may be a formula or a name in another face
const NARROW = 0.75; // of the abstract's width: a column of the text below it

/** In the face of the running text where the abstract has its own, or in the columns below an abstract that spans them. */
export function isRunningOn({ lines }: DocumentParagraph, setting: Setting, body: BodySetting | null): boolean {
  if (lines.length < MIN_LINES) return false;
  const isBodys = setting.font !== body?.font && mainFont(lines) === body?.font;
  const width = Math.max(...lines.map(({ box }) => box.width));
  return isBodys || (setting.lines >= MIN_LINES && width < NARROW * (setting.right - setting.left));
}

/** A sub-heading: not set larger than the abstract's own heading; or the first thing under it. */
export function belongs(part: DocumentParagraph, head: DocumentParagraph, isFirst: boolean): boolean {
  const [own, above] = [part.lines[0], head.lines[0]];
  if (!own || !above) return part.level === 0 || part.level > head.level;
  const isLess = own.size < above.size - 0.3 || own.font !== above.font || own.box.x > above.box.x + 20;
  return own.size <= above.size + 0.3 && (isFirst || isLess) && own.page === above.page;
}

/** In a margin or another column, and not below the abstract: it says nothing of where the abstract ends. */
export function isElsewhere({ lines, role }: DocumentParagraph, { page, left, right, bottom }: Setting): boolean {
  const first = lines[0];
  if (!first || first.page !== page) return false;
  const isBeside = first.box.x + first.box.width < left + 2 || first.box.x > right - 2;
  return isBeside && (first.baseline < bottom || (role !== 'HEADING' && lines.length < 4));
}

export const SAME_SIZE = 0.05; // relative

/** A footnote or licence at the foot of the page: smaller, or of the page that the abstract has left already. */
export const isNote = ({ lines, role }: DocumentParagraph, { page, size }: Setting): boolean => {
  const first = lines[0];
  if (!first || role === 'HEADING') return false;
  return first.page < page || (first.page === page && mainSize(lines) < (1 - SAME_SIZE) * size);
};

export function fits({ lines, text }: DocumentParagraph, setting: Setting, before: string): boolean {
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
