import { describe, expect, it } from 'vitest';
import type { PdfRun } from '../pdf-page.js';
import { linesOf } from './lines.js';
import { withMendedFonts } from './mend-fonts.js';

const run = (text: string, x: number, font: string, size: number, width = text.length * 5): PdfRun => ({
  text,
  x,
  y: 700,
  width,
  size,
  font,
});
const content = (names: string[], runs: PdfRun[]) => ({
  title: null,
  fonts: names.map((name, index) => ({ id: `f${index}`, name })),
  pages: [{ number: 1, width: 612, height: 792, hasImage: false, runs }],
});
const WORDS = 'a line of text that is as long as a line is';

describe('withMendedFonts', () => {
  it('takes fonts of one name for one, and bitmap fonts, which have none, for what they are', () => {
    const names = ['Times-Roman', 'Times-Roman', 'Type3', 'Type3'];
    const [page] = withMendedFonts(
      content(
        names,
        names.map((_, index) => run(WORDS, 72, `f${index}`, 10)),
      ),
    );
    expect(page?.runs.map(({ font }) => font)).toEqual(['f0', 'f0', 'f2', 'f3']);
  });

  it('tells the size of a bitmap font from the width of its letters, and leaves plausible sizes alone', () => {
    const [page] = withMendedFonts(
      content(
        ['Type3', 'Type3', 'Arial'],
        [run(WORDS, 72, 'f0', 120), run(WORDS, 72, 'f1', 120, WORDS.length * 8), run(WORDS, 72, 'f2', 11)],
      ),
    );
    expect(page?.runs.map(({ size }) => size)).toEqual([10, 16, 11]);
  });

  it('sees no space between letters that were only kerned', () => {
    const [page] = withMendedFonts(
      content(
        ['Times-Roman'],
        [
          run('Intro', 72, 'f0', 10, 25),
          run(' ', 97, 'f0', 10, 0),
          run('duction', 97.3, 'f0', 10, 35),
          run(' ', 132.3, 'f0', 10, 3),
          run('here', 135.3, 'f0', 10, 20),
        ],
      ),
    );
    expect(page && linesOf(page).map(({ text }) => text)).toEqual(['Introduction here']);
  });
});
