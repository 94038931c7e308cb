import { describe, expect, it } from 'vitest';
import { withoutFurniture } from './furniture.js';
import { line } from './line.fixture.js';
import type { Line } from './lines.js';

/** Pages whose text begins far below their edge, so that no margin tells a header from the text. */
const pages = (count: number, header: (page: number) => Line[]) =>
  Array.from({ length: count }, (_, index) => ({
    number: index + 1,
    height: 792,
    lines: [...header(index + 1), line(`Page ${'abcdefghij'[index]} says this.`, 640), line('And that, too.', 628)],
  }));
const kept = (set: ReturnType<typeof pages>) => withoutFurniture(set).map(({ lines }) => lines.map(({ text }) => text));

describe('withoutFurniture', () => {
  it('takes away a row that counts up with the pages, whatever else stands in it', () => {
    const set = pages(4, (page) => [line(String(page + 40), 680), line(`Heading of chapter ${'abcd'[page - 1]}`, 680)]);
    expect(kept(set).flat()).toHaveLength(8);
  });

  it('keeps a number on top of a page that counts nothing, where the margin is wide', () => {
    const set = pages(4, (page) => [
      line(['7', '93', '12', '5'][page - 1] ?? '', 680),
      line(`Boats ${'abcd'[page - 1]}`, 680),
    ]);
    expect(kept(set)[1]).toContain('Boats b');
  });

  it('takes away what comes again and again at one height, but not what is set as large as a heading', () => {
    const small = pages(10, (page) => (page > 6 ? [] : [line('The watching of tides', 680)]));
    expect(kept(small).flat()).not.toContain('The watching of tides');
    const large = pages(10, (page) => (page > 2 ? [] : [line(`Chapter ${page}`, 680, { size: 20 })]));
    expect(kept(large).flat()).toEqual(expect.arrayContaining(['Chapter 1', 'Chapter 2']));
  });
});
