/** The numbers of lines in the margin of a manuscript. */
import type { Line } from './lines.js';

const MANY = 15; // lone numbers on one page, all left of the text
const SLACK = 3; // points: numbers of one and of three figures, set flush on either side

/** The pages without them: once one page has a margin of numbers, what stands in that margin on any page is one. */
export function withoutLineNumbers<P extends { lines: readonly Line[] }>(pages: readonly P[]): P[] {
  const margins = pages.flatMap(({ lines }) => marginOf(lines) ?? []);
  if (margins.length === 0) return [...pages];
  const [from, to] = [Math.min(...margins.map(({ from }) => from)), Math.max(...margins.map(({ to }) => to))];
  return pages.map((page) => {
    const own = marginOf(page.lines)?.to ?? Math.min(to, textLeft(page.lines));
    const isNumber = (line: Line): boolean =>
      isLone(line) && line.x >= from - SLACK && line.x < own && line.endX < own + SLACK;
    return { ...page, lines: page.lines.filter((line) => !isNumber(line)) };
  });
}

const isLone = ({ text }: Line): boolean => /^\d{1,4}$/.test(text);

const textLeft = (lines: readonly Line[]): number =>
  lines.filter((line) => !isLone(line)).reduce((left, { x }) => Math.min(left, x), Number.POSITIVE_INFINITY);

function marginOf(lines: readonly Line[]): { from: number; to: number } | undefined {
  const left = textLeft(lines);
  const numbers = lines.filter((line) => isLone(line) && line.x < left);
  if (lines.filter(isLone).length < MANY || numbers.length === 0) return undefined;
  return { from: Math.min(...numbers.map(({ x }) => x)), to: left };
}
