/** The title of a paper: from the file's metadata where that stands on the first page too, else the largest lines there. */
import type { BodySetting } from '../document-layout.js';
import type { Block } from './blocks.js';
import type { Line } from './lines.js';

const IMPLAUSIBLE = /microsoft word|untitled|\.(?:docx?|tex|dvi|indd|pdf|qxd|rtf|fm)\b|^\S*$|^[\d\W]+$|\d+\.\.\d+/i;
const MAX_CHARS = 300;
const MIN_CHARS = 8;
/** A volume's title, or one that is cut short where its face changes. */
const OF_ANOTHER = /^proceedings of|\s(?:a|an|and|by|for|from|in|of|on|or|the|to|with)$/i;
const SAME_SIZE = 0.03; // relative: a title's lines are set in one size
const NOT_A_TITLE =
  /^(?:research(?: article)?|original (?:article|paper|research)|review(?: article)?|short (?:report|communication)|article|study protocol|(?:the )?universit\p{L}+ .*|.* universit\p{L}+|see discussions, stats.*|open access|abstract|contents|editorial|letter|arxiv:.*|doi:.*|https?:.*|journal of .*|proceedings of .*|.*issn.*|volume .*|.*\.(?:org|com))$/iu;

export interface TitleBlock {
  block: Block;
  text: string;
}

/** `firstPage`: the blocks of page 1 in reading order. Undefined when nothing there can be a title. */
export function titleOf(
  metadata: string | null,
  firstPage: readonly TitleBlock[],
  body: BodySetting,
): string | undefined {
  const page = squeeze(firstPage.map(({ text }) => text).join(' '));
  const declared = metadata?.normalize('NFC').replace(/\s+/g, ' ').trim() ?? '';
  const isUsual = declared.length >= MIN_CHARS && declared.length <= MAX_CHARS && !IMPLAUSIBLE.test(declared);
  if (isUsual && !OF_ANOTHER.test(declared) && page.includes(squeeze(declared))) return declared;
  return largest(firstPage, body) ?? (IMPLAUSIBLE.test(declared) || declared === '' ? undefined : declared);
}

/** The blocks that make up the title as set on the page: the largest run of like-sized blocks that can be one. */
export function largest(firstPage: readonly TitleBlock[], body: BodySetting): string | undefined {
  const candidates = firstPage.filter(({ text }) => canBeTitle(text));
  const size = Math.max(0, ...candidates.map(({ block }) => block.size));
  const start = candidates.find(({ block }) => isSize(block, size));
  if (!start) return undefined;
  const parts: string[] = [];
  const maxDrop = Math.max(MAX_DROP, (1.1 * body.leading) / body.size); // a title is spaced as widely as its text
  let last: Line | undefined;
  for (const next of firstPage.slice(firstPage.indexOf(start))) {
    const { lines } = next.block;
    const isSubtitle = last !== undefined && /:$/.test(parts.at(-1) ?? '') && next.block.size >= SUBTITLE * size;
    if (!(isSize(next.block, size) || isSubtitle) || (last && !isUnder(last, lines[0] as Line, maxDrop))) break;
    const kept = lines.findIndex((line, index) => index > 0 && !isUnder(lines[index - 1] as Line, line, maxDrop));
    if (!NOT_A_TITLE.test(next.text)) parts.push(kept < 0 ? next.text : textOf(lines.slice(0, kept)));
    if (kept >= 0) break;
    last = lines.at(-1);
  }
  return parts.join(' ').slice(0, MAX_CHARS).trim();
}

const textOf = (lines: readonly Line[]): string => lines.map((line) => line.text).join(' ');

const SUBTITLE = 0.6; // of the title's size: what follows its colon may be smaller
const MAX_DROP = 1.75; // of the font size, between baselines: wider is the space above the authors

/** The next line of one title: lower, and no further than a wide leading. Letters drawn apart stay on their line. */
function isUnder(last: Line, next: Line, maxDrop: number): boolean {
  const drop = last.y - next.y;
  return (
    drop < maxDrop * last.size && drop > -0.6 * last.size && (drop > 0.3 * last.size || next.x >= last.endX - last.size)
  );
}

const isSize = (block: Block, size: number): boolean => Math.abs(block.size - size) <= SAME_SIZE * size;

const canBeTitle = (text: string): boolean =>
  text.length >= MIN_CHARS &&
  text.length <= MAX_CHARS &&
  /\p{L}{3}/u.test(text) &&
  /\s/.test(text) &&
  !NOT_A_TITLE.test(text);

const squeeze = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
