import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { column, simplePdf } from '../../../tests/support/simple-pdf.js';
import type { Box } from '../structured-paper.js';
import { DRAWING_CAPS, MAX_PAGE_BOXES, renderPage } from './render-page.js';

const signal = new AbortController().signal;
const TWO_PAGES = simplePdf([
  column(['The quick brown fox jumps over the lazy dog.', 'A second line of text stands below it.'], { size: 12 }),
  column(['The second page.'], { size: 30 }),
]);

type Picture = ReturnType<typeof decode>;

const draw = async (bytes: Uint8Array, page = 1, boxes: readonly Box[] = [], widthPx?: number): Promise<Picture> =>
  decode(await renderPage(bytes, { page, boxes, signal, ...(widthPx && { widthPx }) }));

const pixel = ({ data, width, channels }: Picture, x: number, y: number): number[] => [
  ...data.slice((y * width + x) * channels, (y * width + x) * channels + 3),
];

/** What a test asks of a picture: the smallest rectangle around its pixels for which `isMeant` holds; null when none does. */
function extent({ width, height }: Picture, isMeant: (x: number, y: number) => boolean): Box | null {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!isMeant(x, y)) continue;
      [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
    }
  }
  return right < 0 ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

const isDark = (picture: Picture) => (x: number, y: number) => Math.max(...pixel(picture, x, y)) < 128;
const isMarkedPaper = (picture: Picture) => (x: number, y: number) => String(pixel(picture, x, y)) === '255,233,64';
const differs = (a: Picture, b: Picture) => (x: number, y: number) =>
  pixel(a, x, y).some((value, channel) => value !== pixel(b, x, y)[channel]);

/** The file with another page dictionary entry, its cross-reference table left as it was: readers mend that. */
const withPageEntry = (entry: string): Buffer =>
  Buffer.from(TWO_PAGES.toString('latin1').replaceAll('/Type /Page /Parent', `/Type /Page ${entry} /Parent`), 'latin1');

describe('renderPage', () => {
  it('draws the page asked for at the width asked for, ink on white', async () => {
    const picture = await draw(TWO_PAGES, 1, [], 612);
    expect([picture.width, picture.height]).toEqual([612, 792]);
    expect(pixel(picture, 300, 700)).toEqual([255, 255, 255]);
    const ink = extent(picture, isDark(picture));
    expect(ink?.x).toBeGreaterThanOrEqual(72);
    expect(ink?.y).toBeGreaterThan(792 - 700 - 12);
    expect((ink?.y ?? 0) + (ink?.height ?? 0)).toBeLessThan(792 - 688 + 5); // the second baseline, and a descender
    const second = await draw(TWO_PAGES, 2, [], 612);
    expect(extent(second, isDark(second))?.height).toBeGreaterThan(20);
  });

  it('is 1,240 pixels wide when nothing else is asked, and opaque', async () => {
    const picture = await draw(TWO_PAGES);
    expect([picture.width, picture.height]).toEqual([1240, Math.round((1240 * 792) / 612)]);
    expect(picture.channels === 4 ? picture.data.every((value, i) => i % 4 < 3 || value === 255) : true).toBe(true);
  });

  it('marks what lies in the boxes, and nothing else; paper turns yellow and ink stays dark', async () => {
    const boxes = [
      { x: 70, y: 80, width: 100, height: 15 },
      { x: 120, y: 85, width: 150, height: 10 }, // overlaps the first: marked once
    ];
    const [plain, marked] = [await draw(TWO_PAGES, 1, [], 1224), await draw(TWO_PAGES, 1, boxes, 1224)];
    const isIn = (x: number, y: number) =>
      boxes.some(
        (box) => x >= 2 * box.x && x < 2 * (box.x + box.width) && y >= 2 * box.y && y < 2 * (box.y + box.height),
      );
    const changed = differs(plain, marked);
    expect(extent(marked, (x, y) => changed(x, y) && !isIn(x, y))).toBeNull();
    expect(extent(marked, (x, y) => isIn(x, y) && pixel(plain, x, y)[2] === 255 && !changed(x, y))).toBeNull();
    expect([pixel(marked, 142, 162), pixel(marked, 250, 188)]).toEqual([
      [255, 233, 64],
      [255, 233, 64],
    ]);
    expect(extent(marked, isDark(marked))).toEqual(extent(plain, isDark(plain)));
  });

  it('clips a box that reaches beyond the page', async () => {
    const marked = await draw(TWO_PAGES, 1, [{ x: -50, y: 780, width: 900, height: 900 }], 612);
    expect(extent(marked, isMarkedPaper(marked))).toEqual({ x: 0, y: 780, width: 612, height: 12 });
  });

  it('shows a turned page as a reader sees it, and takes boxes in those coordinates', async () => {
    const box = { x: 700, y: 70, width: 20, height: 100 };
    const turned = await draw(withPageEntry('/Rotate 90'), 1, [box], 792);
    expect([turned.width, turned.height]).toEqual([792, 612]);
    // Turned clockwise, what stood 92 points below the top edge stands 92 points left of the right edge.
    const ink = extent(turned, isDark(turned));
    expect(ink?.x).toBeGreaterThan(792 - 110);
    expect(ink?.y).toBeGreaterThanOrEqual(72);
    expect(extent(turned, isMarkedPaper(turned))).toMatchObject({ y: 70, height: 100 });
  });

  it('shows a cropped page without what was cropped away, and counts boxes from the crop', async () => {
    const cropped = await draw(
      withPageEntry('/CropBox [60 650 360 750]'),
      1,
      [{ x: 0, y: 0, width: 10, height: 5 }],
      300,
    );
    expect([cropped.width, cropped.height]).toEqual([300, 100]);
    expect(extent(cropped, isDark(cropped))?.x).toBeLessThan(20); // 72 of the page is 12 of the crop
    expect(extent(cropped, isMarkedPaper(cropped))).toEqual({ x: 0, y: 0, width: 10, height: 5 });
  });

  it('draws a very long page narrower rather than larger than a picture may be', async () => {
    const long = TWO_PAGES.toString('latin1').replaceAll('[0 0 612 792]', '[0 0 10 9999]');
    const { width, height } = await draw(Buffer.from(long, 'latin1'), 1, [], 3_000);
    expect(width).toBeLessThan(200);
    expect(width * height).toBeLessThanOrEqual(16_000_000);
  });

  it.each([
    ['a page that does not exist', { page: 3 }, 'There is no page 3: the document has 2.'],
    ['page 0', { page: 0 }, 'Pages count from 1.'],
    ['half a page', { page: 1.5 }, 'Pages count from 1.'],
    ['a width beyond the cap', { widthPx: 100_000 }, 'pixels wide'],
    ['too many boxes', { boxes: Array(MAX_PAGE_BOXES + 1).fill({ x: 0, y: 0, width: 1, height: 1 }) }, 'At most'],
    ['a box that is none', { boxes: [{ x: Number.NaN, y: 0, width: 1, height: 1 }] }, 'A box has'],
    ['a box of negative width', { boxes: [{ x: 0, y: 0, width: -1, height: 1 }] }, 'A box has'],
  ])('refuses %s', async (_what, options, words) => {
    const failure = await renderPage(TWO_PAGES, { page: 1, boxes: [], signal, ...options }).catch((error) => error);
    expect(failure).toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining(words) });
  });

  const noise = 'a7'.repeat(32);
  const id = '00'.repeat(16);
  const encryption = `/Encrypt << /Filter /Standard /V 1 /R 2 /O <${noise}> /U <${noise}> /P -4 >> /ID [<${id}> <${id}>]`;
  it.each([
    ['is encrypted', TWO_PAGES.toString('latin1').replace('/Root 1 0 R', `/Root 1 0 R ${encryption}`), 'encrypted'],
    ['is no PDF', '<!DOCTYPE html><html><body>Not found</body></html>', 'no PDF'],
    ['is cut short', TWO_PAGES.toString('latin1', 0, 300), 'damaged'],
    ['is empty', '', 'no PDF'],
  ])('says what is wrong with a file that %s, and what to do', async (_what, source, words) => {
    const rendering = renderPage(Buffer.from(source, 'latin1'), { page: 1, boxes: [], signal });
    await expect(rendering).rejects.toMatchObject({
      code: 'UNREADABLE_DOCUMENT',
      message: expect.stringContaining(words),
      hint: expect.any(String),
    });
  });

  it.each([
    ['time', { wallMs: 1 }, 'longer than 0.001 seconds'],
    ['memory', { wasmMib: 8 }, 'takes more memory'],
  ])('stops a drawing that takes too much %s', async (_what, cap, words) => {
    const rendering = renderPage(TWO_PAGES, { page: 1, boxes: [], signal, caps: { ...DRAWING_CAPS, ...cap } });
    await expect(rendering).rejects.toMatchObject({
      code: 'UNREADABLE_DOCUMENT',
      message: expect.stringContaining(words),
    });
  });

  it('ends with the reason of the signal', async () => {
    const controller = new AbortController();
    const rendering = renderPage(TWO_PAGES, { page: 1, boxes: [], signal: controller.signal });
    controller.abort(new Error('nobody looks any more'));
    await expect(rendering).rejects.toThrow('nobody looks any more');
  });
});
