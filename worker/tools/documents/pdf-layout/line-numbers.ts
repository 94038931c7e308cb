/** The numbers of lines in the margin of a manuscript. */
import type { Line } from './lines.js';

const MANY = 15; // lone numbers on one page, all left of the text
const SLACK = 3; // points: numbers of one and of three figures, set flush on either side

/** The pages without them: once one page has a margin of numbers, what stands in that margin on any page is one. */
export function withoutLineNumbers<P extends { lines: readonly Line[] }>(pages: readonly P[]): P[] {
  const numbers = pages.flatMap(({ lines }) => marginNumbers(lines));
  if (numbers.length === 0) return [...pages];
  const from = numbers.reduce((least, { x }) => Math.min(least, x), Number.POSITIVE_INFINITY) - SLACK;
  const to = numbers.reduce((most, { endX }) => Math.max(most, endX), 0) + SLACK;
  return pages.map((page) => {
    const left = textLeft(page.lines);
    const own = page.lines.filter((line) => isLone(line) && line.x >= from && line.endX <= to && line.x < left);
    const taken = new Set(countUp(own) ? own : []);
    return { ...page, lines: page.lines.filter((line) => !taken.has(line)) };
  });
}

const isLone = ({ text }: Line): boolean => /^\d{1,4}(?: \d{1,4})*$/.test(text); // those of empty lines may be drawn as one

const textLeft = (lines: readonly Line[]): number =>
  lines
    .filter(({ text }) => /\p{L}{2}/u.test(text))
    .reduce((left, { x }) => Math.min(left, x), Number.POSITIVE_INFINITY);

function marginNumbers(lines: readonly Line[]): Line[] {
  if (lines.filter(isLone).length < MANY) return [];
  const left = textLeft(lines);
  const own = lines.filter((line) => isLone(line) && line.x < left);
  return countUp(own) ? own : [];
}

const MOSTLY = 0.9; // of the steps: two numbers may share a row

/** From the top of the page downwards; the labels of an axis count down. */
function countUp(lines: readonly Line[]): boolean {
  const values = [...lines].sort((a, b) => b.y - a.y).map(({ text }) => Number.parseInt(text, 10));
  const steps = values.slice(1).map((value, index) => value - (values[index] ?? 0));
  return steps.filter((step) => step > 0).length >= MOSTLY * steps.length;
}
