import { expect, test } from 'vitest';
import { cleanLine, cleanText } from './text-input.js';

const limits = { field: 'name', max: 10 };

test('a line is trimmed and brought to one form of Unicode', () => {
  expect(cleanLine('  Cafe\u0301 ', limits)).toBe('Café');
});

test('emoji, right-to-left scripts and quotes are text like any other', () => {
  for (const text of ['👩‍🔬🧪', 'שלום', `'";--`]) expect(cleanLine(text, limits)).toBe(text.normalize('NFC'));
});

test.each(['\u0000', '\u0007', '\u007f', '\u0085', '\n', '\ud800', '\u202e', '\uffff'])(
  'a line with %j is refused',
  (bad) => {
    expect(() => cleanLine(`a${bad}b`, limits)).toThrow('control characters');
  },
);

test('text may have lines and tabs, and still no NUL', () => {
  expect(cleanText('a\n\tb\r\n', limits)).toBe('a\n\tb');
  expect(() => cleanText('a\u0000b', limits)).toThrow('control characters');
});

test('empty, too short and too long say so, with the limit', () => {
  expect(() => cleanLine(' \t ', limits)).toThrow();
  expect(() => cleanLine('   ', limits)).toThrow('`name` is empty');
  expect(() => cleanLine('ab', { ...limits, min: 3 })).toThrow('too short (2 characters). Give at least 3');
  expect(() => cleanLine('x'.repeat(11), limits)).toThrow('too long (11 characters). Shorten it to 10');
  expect(() => cleanLine('x'.repeat(1_000_000), limits)).toThrow('too long');
});
