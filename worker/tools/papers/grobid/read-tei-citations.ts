/**
 * Marks of citation out of TEI. GROBID makes a `ref` of every reference that a mark names; what the paper prints as one
 * mark, "[3, 7–9]" or "(Sakai, 2007; Voorhees, 2001)", becomes one again here.
 */
import type { PageBox } from '../../../../src/papers/place-of.js';
import { readCoordinates } from './coordinates.js';
import type { TeiBody } from './tei-paper.js';
import { isElement, onOneLine, textOf, type XmlElement, type XmlNode } from './xml-tree.js';

type Citations = Pick<TeiBody, 'citations' | 'unresolvedMarks'>;

interface Mark {
  text: string; // of all its parts
  rangeText: string | null; // "[1–3]" for parts set side by side without a gap
  references: number[];
  boxes: PageBox[];
}

export function readCitations(parts: readonly XmlElement[], indexOfId: ReadonlyMap<string, number>): Citations {
  const marks = parts.flatMap((part) => marksIn(part, indexOfId));
  const resolved = marks.filter(({ references }) => references.length > 0);
  return {
    citations: resolved.map(({ text, rangeText, references, boxes }) => ({
      text: rangeText ?? text,
      otherText: rangeText === null ? null : text,
      references: [...new Set(references)].sort((a, b) => a - b),
      boxes,
    })),
    unresolvedMarks: marks.length - resolved.length,
  };
}

const isMark = (node: XmlNode): node is XmlElement =>
  isElement(node) && node.name === 'ref' && node.attributes.type === 'bibr';

/** In document order; marks are joined only within one run of siblings. */
function marksIn(parent: XmlElement, indexOfId: ReadonlyMap<string, number>): Mark[] {
  const marks: Mark[] = [];
  let open: Mark | undefined; // the mark just read, while nothing but a separator followed it
  let between = '';
  for (const node of parent.children) {
    if (isMark(node)) {
      const mark = readMark(node, indexOfId);
      if (open && isSameMark(open, between, mark)) extend(open, between, mark);
      else {
        open = mark;
        marks.push(mark);
      }
      between = '';
    } else if (isElement(node)) {
      marks.push(...marksIn(node, indexOfId));
      open = undefined;
    } else between += node;
  }
  return marks;
}

function readMark({ attributes, ...ref }: XmlElement, indexOfId: ReadonlyMap<string, number>): Mark {
  const targets = (attributes.target ?? '').split(/\s+/).map((target) => indexOfId.get(target.replace(/^#/, '')));
  return {
    text: textOf({ attributes, ...ref }),
    rangeText: null,
    references: targets.filter((index) => index !== undefined),
    boxes: readCoordinates(attributes.coords),
  };
}

const SEPARATOR = /^\s*(?:[,;–—-]|and|&)?\s*$/;

/** The bracket of the first is still open, or the second is set right behind it. */
const isSameMark = (open: Mark, between: string, mark: Mark): boolean =>
  SEPARATOR.test(between) && (hasOpenBracket(open.text) || isSideBySide(open, between, mark));

const hasOpenBracket = (text: string): boolean => text.split(/[[(]/).length > text.split(/[\])]/).length;

const TOUCHING = 0.5; // points

/** GROBID writes a range out: its numbers in between get the coordinates of the dash, all the same. */
function isSideBySide(open: Mark, between: string, mark: Mark): boolean {
  const [last, next] = [open.boxes.at(-1), mark.boxes[0]];
  if (between.trim() !== '' || !last || !next || last.page !== next.page) return false;
  const isSame = last.box.x === next.box.x && last.box.y === next.box.y;
  const gap = next.box.x - (last.box.x + last.box.width);
  return isSame || (Math.abs(gap) <= TOUCHING && Math.abs(next.box.y - last.box.y) <= TOUCHING);
}

function extend(open: Mark, between: string, mark: Mark): void {
  if (isSideBySide(open, between, mark)) {
    const start = (open.rangeText ?? open.text).replace(/[–\])].*$/, '');
    open.rangeText = `${start}–${mark.text.replace(/^[[(]/, '')}`;
  } else open.rangeText = open.rangeText && onOneLine(`${open.rangeText}${between}${mark.text}`);
  open.text = onOneLine(`${open.text}${between}${mark.text}`);
  open.references.push(...mark.references);
  open.boxes.push(...mark.boxes);
}
