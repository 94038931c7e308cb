import { expect, it } from 'vitest';
import { documentOf } from './list.fixture.js';
import { cutLine, linesToRead } from './list-lines.js';

it('takes the lines of a paragraph that was put together across a page break back to where they stand', () => {
  const { layout } = documentOf(
    [
      { page: 1, x: 50, lines: 'first of page one\nsecond of page one\nthird of page one' },
      { page: 2, x: 50, lines: 'first of page two\nsecond of page two' },
    ],
    false,
  );
  const moved = layout.paragraphs.splice(3, 1)[0]?.lines ?? [];
  layout.paragraphs[0]?.lines.push(...moved);
  expect(linesToRead(layout).map(({ text }) => text)).toEqual([
    'first of page one',
    'second of page one',
    'third of page one',
    'first of page two',
    'second of page two',
  ]);
});

it('cuts a line in two with the bytes of each', () => {
  const { layout, text } = documentOf([{ page: 1, x: 50, lines: '[1] Åsa Ek, 2001. [2] Bo Li, 2002.' }]);
  const [line] = linesToRead(layout);
  const halves = line ? cutLine(line, line.text.indexOf('[2]')) : [];
  const bytes = Buffer.from(text);
  for (const half of halves) expect(bytes.subarray(half.startOffset, half.endOffset).toString()).toBe(half.text);
  expect(halves.map((half) => half.text)).toEqual(['[1] Åsa Ek, 2001.', '[2] Bo Li, 2002.']);
});
