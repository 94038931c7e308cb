import { describe, expect, it } from 'vitest';
import { withoutFurniture } from './furniture.js';
import { line } from './line.fixture.js';
import type { Line } from './lines.js';

const HEIGHT = 792;
const pages = (count: number, below: (page: number) => Line[]) =>
  Array.from({ length: count }, (_, index) => ({
    number: index + 1,
    height: HEIGHT,
    lines: [line(`Text of page ${'abcdefgh'[index]}.`, 400), line('And more of it.', 388), ...below(index + 1)],
  }));
const kept = (set: ReturnType<typeof pages>) => withoutFurniture(set).map(({ lines }) => lines.map(({ text }) => text));

describe('page numbers', () => {
  it('are taken away where they count up with the pages', () => {
    expect(kept(pages(5, (page) => [line(String(page + 210), 40)])).flat()).toHaveLength(10);
  });

  it('are taken away in the footer of a short document, which counts too little', () => {
    expect(kept(pages(2, (page) => [line(String(page), 40)])).flat()).toHaveLength(4);
  });

  it('are told from the cells and the labels of an axis that stand as low', () => {
    const axis = [20, 40, 60, 80].map((tick) => line(String(tick), 60, { x: 72 + tick, endX: 80 + tick }));
    const set = pages(5, (page) => [...(page === 3 ? axis : []), line(String(page), 40)]);
    expect(kept(set)[2]).toEqual(['Text of page c.', 'And more of it.', '20', '40', '60', '80']);
  });

  it('do not take with them a number that ends a page without one', () => {
    const set = pages(6, (page) => [line(page === 4 ? '631' : String(page), 40)]);
    expect(kept(set)[3]).toContain('631');
  });

  it('of a first page are known by those of the others, whatever is printed below', () => {
    const set = pages(5, (page) => [
      line(String(page + 99), 60),
      ...(page === 1 ? [line('Proceedings of a meeting, pages 100–104, in one city.', 40)] : []),
    ]);
    expect(kept(set)[0]).not.toContain('100');
  });
});

describe('numbers of lines', () => {
  const manuscript = (counts: readonly number[]) =>
    counts.map((count, page) => ({
      number: page + 1,
      height: HEIGHT,
      lines: Array.from({ length: count }, (_, n) => [
        line(String(20 * page + n + 1), 600 - 20 * n, { x: 50, endX: 60 }),
        line(`Line ${'abcdefghijklmnopqrst'[n]} of page ${'abc'[page]}.`, 600 - 20 * n),
      ]).flat(),
    }));

  it('are taken away on the last page, too, which has few', () => {
    expect(kept(manuscript([20, 20, 4])).flat()).toHaveLength(44);
  });

  it('are told from the labels of an axis, which count down, on a page of figures', () => {
    const axis = [40, 30, 20, 10, 0].map((tick, n) => line(String(tick), 600 - 20 * n, { x: 50, endX: 60 }));
    const set = [...manuscript([20]), { number: 2, height: HEIGHT, lines: [...axis, line('Height of the tide', 480)] }];
    expect(kept(set)[1]).toHaveLength(6);
  });

  it('are not seen in a column of few numbers', () => {
    expect(kept(manuscript([4, 4])).flat()).toHaveLength(16);
  });
});
