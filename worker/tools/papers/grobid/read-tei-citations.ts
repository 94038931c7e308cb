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
  text: string;
  references: number[];
  boxes: PageBox[];
  coords: string;
}

export function readCitations(parts: readonly XmlElement[], indexOfId: ReadonlyMap<string, number>): Citations {
  const marks = parts.flatMap((part) => marksIn(part, indexOfId));
  const resolved = marks.filter(({ references }) => references.length > 0);
  return {
    citations: resolved.map(({ text, references, boxes }) => ({
      text,
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

function readMark(ref: XmlElement, indexOfId: ReadonlyMap<string, number>): Mark {
  const targets = (ref.attributes.target ?? '').split(/\s+/).map((target) => indexOfId.get(target.replace(/^#/, '')));
  const coords = ref.attributes.coords ?? '';
  return {
    text: textOf(ref),
    references: targets.filter((index) => index !== undefined),
    boxes: readCoordinates(coords),
    coords,
  };
}

const SEPARATOR = /^\s*(?:[,;–—-]|and|&)?\s*$/;

/** The bracket of the first is still open; or GROBID wrote out a range, each of its marks with the coordinates of all. */
function isSameMark(open: Mark, between: string, mark: Mark): boolean {
  if (!SEPARATOR.test(between)) return false;
  const isOneRange = open.coords !== '' && open.coords === mark.coords;
  return isOneRange || hasOpenBracket(open.text);
}

const hasOpenBracket = (text: string): boolean => text.split(/[[(]/).length > text.split(/[\])]/).length;

function extend(open: Mark, between: string, mark: Mark): void {
  const isOneRange = open.coords !== '' && open.coords === mark.coords;
  open.text = onOneLine(`${open.text}${between || (isOneRange ? ' ' : '')}${mark.text}`);
  open.references.push(...mark.references);
  if (!isOneRange) open.boxes.push(...mark.boxes);
}
