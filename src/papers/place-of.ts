/** From a stretch of a paper's text to where it stands on the pages. */
import type { Box, Place, TextLine } from './structured-paper.js';

export interface PageBox {
  page: number;
  box: Box;
}

/** A rectangle a line; the first and last line are cut by their share of characters. In text order. */
export function boxesOf(lines: readonly TextLine[], startOffset: number, endOffset: number): PageBox[] {
  const boxes: PageBox[] = [];
  for (let index = firstEndingAfter(lines, startOffset); index < lines.length; index++) {
    const line = lines[index] as TextLine;
    if (line.startOffset >= endOffset) break;
    const length = Math.max(1, line.endOffset - line.startOffset);
    const from = Math.max(0, startOffset - line.startOffset) / length;
    const to = Math.min(1, (endOffset - line.startOffset) / length);
    const { x, width } = line.box;
    boxes.push({ page: line.page, box: { ...line.box, x: x + from * width, width: (to - from) * width } });
  }
  return boxes;
}

export function placeOf(lines: readonly TextLine[], startOffset: number, endOffset: number): Place {
  const boxes = boxesOf(lines, startOffset, endOffset);
  const page = boxes[0]?.page ?? null;
  return { startOffset, endOffset, page, box: around(boxes.filter((box) => box.page === page)) };
}

function around(boxes: readonly PageBox[]): Box | null {
  if (boxes.length === 0) return null;
  const left = Math.min(...boxes.map(({ box }) => box.x));
  const top = Math.min(...boxes.map(({ box }) => box.y));
  const right = Math.max(...boxes.map(({ box }) => box.x + box.width));
  const bottom = Math.max(...boxes.map(({ box }) => box.y + box.height));
  return { x: round(left), y: round(top), width: round(right - left), height: round(bottom - top) };
}

const round = (points: number): number => Math.round(points * 100) / 100;

/** Binary search: the lines are ascending and disjoint. */
function firstEndingAfter(lines: readonly TextLine[], offset: number): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle] as TextLine).endOffset <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
