import { describe, expect, it } from 'vitest';
import { line } from './line.fixture.js';
import { titleOf } from './title.js';

const BODY = { size: 10, font: 'roman', leading: 12 };
const WIDE = { ...BODY, leading: 21 };
const block = (...texts: [text: string, y: number, size?: number][]) => {
  const lines = texts.map(([text, y, size = 10]) => line(text, y, { size }));
  return { block: { lines, size: lines[0]?.size ?? 10, font: 'roman' }, text: lines.map(({ text }) => text).join(' ') };
};
const AUTHORS = block(['Ada Author and Bob Writer', 600, 12]);

describe('titleOf', () => {
  it('takes what the file declares, where the page prints it', () => {
    const page = [block(['The watching of tides', 700, 16]), AUTHORS];
    expect(titleOf('The Watching of Tides', page, BODY)).toBe('The Watching of Tides');
    expect(titleOf('Something else altogether', page, BODY)).toBe('The watching of tides');
  });

  it('does not take a declared title that is cut short, nor the volume’s', () => {
    const page = [
      block(['Proceedings of the Third Meeting on Tides', 760, 8]),
      block(['A loss of function in boats of the inner coast', 700, 16]),
      AUTHORS,
    ];
    expect(titleOf('A loss of function in', page, BODY)).toBe('A loss of function in boats of the inner coast');
    expect(titleOf('Proceedings of the Third Meeting on Tides', page, BODY)).toMatch(/^A loss of function/);
  });

  it('reads on over the wide lines of a manuscript, and not over as wide a gap elsewhere', () => {
    const page = [block(['The watching of tides on the', 700, 16], ['northern shore', 667, 16]), AUTHORS];
    expect(titleOf(null, page, WIDE)).toBe('The watching of tides on the northern shore');
    expect(titleOf(null, page, BODY)).toBe('The watching of tides on the');
  });
});
