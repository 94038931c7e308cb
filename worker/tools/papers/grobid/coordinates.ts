/** GROBID's `coords` attribute: "page,x,y,width,height;…", in points from the page's upper left corner, as ours are. */
import type { PageBox } from '../../../../src/papers/place-of.js';

const MAX_BOXES = 1_000; // one a line: a piece of 20 pages

/** What does not parse is left out: a place is then unknown, not wrong. */
export const readCoordinates = (attribute: string | undefined): PageBox[] =>
  (attribute ?? '').split(';', MAX_BOXES).flatMap((text) => {
    const [page = 0, x = 0, y = 0, width = 0, height = 0, ...rest] = text.split(',').map(Number);
    const isBox = rest.length === 0 && text.split(',').length === 5 && [x, y, width, height].every(Number.isFinite);
    return isBox && Number.isInteger(page) && page > 0 ? [{ page, box: { x, y, width, height } }] : [];
  });

/** Around all of them that stand on the page of the first. */
export function regionOf(boxes: readonly PageBox[]): PageBox | null {
  const page = boxes[0]?.page;
  if (page === undefined) return null;
  const here = boxes.filter((box) => box.page === page).map(({ box }) => box);
  const x = Math.min(...here.map((box) => box.x));
  const y = Math.min(...here.map((box) => box.y));
  const right = Math.max(...here.map((box) => box.x + box.width));
  const bottom = Math.max(...here.map((box) => box.y + box.height));
  return { page, box: { x, y, width: round(right - x), height: round(bottom - y) } };
}

const round = (points: number): number => Math.round(points * 100) / 100;
