import { describe, expect, it } from 'vitest';
import { columnsOf, harmless, shorten, wrap } from './text-width.js';

describe('text on a terminal', () => {
  it('counts columns, not characters or bytes', () => {
    expect(columnsOf('naïve')).toBe(5);
    expect(columnsOf('n\u0061\u0308ive')).toBe(5); // a + combining diaeresis
    expect(columnsOf('検索')).toBe(4);
    expect(columnsOf('👩‍🔬!')).toBe(3);
    expect(columnsOf('\u001b[32mgreen\u001b[0m')).toBe(5);
  });

  it('shortens to a number of columns with an ellipsis, between whole characters', () => {
    expect(shorten('relevance', 9)).toBe('relevance');
    expect(shorten('relevance', 6)).toBe('relev…');
    expect(columnsOf(shorten('検索システム', 6))).toBeLessThanOrEqual(6);
    expect(shorten('relevance', 0)).toBe('');
  });

  it('wraps between words and cuts a word that fits no line', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('unbreakable', 5)).toEqual(['unbr…']);
  });

  it('takes from foreign text whatever could steer the terminal', () => {
    expect(harmless('a\u001b[2Jb\r\n\u202ec\u0007')).toBe('a [2Jb c');
  });
});
