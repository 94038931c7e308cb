/** Lines of a paper as they are stored: a list of numbers each, a third of the bytes that named fields would take. */
import type { TextLine } from './structured-paper.js';

/** [startOffset, endOffset, page, x, y, width, height]; offsets in bytes, the rest in points. */
export type PackedLine = [number, number, number, number, number, number, number];

export const packLines = (lines: readonly TextLine[]): PackedLine[] =>
  lines.map(({ startOffset, endOffset, page, box }) => [
    startOffset,
    endOffset,
    page,
    hundredths(box.x),
    hundredths(box.y),
    hundredths(box.width),
    hundredths(box.height),
  ]);

export const unpackLines = (packed: readonly PackedLine[]): TextLine[] =>
  packed.map(([startOffset, endOffset, page, x, y, width, height]) => ({
    startOffset,
    endOffset,
    page,
    box: { x, y, width, height },
  }));

const hundredths = (points: number): number => Math.round(points * 100) / 100; // 3.5 µm: nobody sees less
