import { describe, expect, it } from 'vitest';
import { isName, namesOf } from './names.js';
import { plainStretch } from './stretch.js';

const read = (text: string) => namesOf(plainStretch(text)).map(({ name, marks }) => [name, marks.join('')]);

describe('a list of names', () => {
  it('is parted from marks of any kind', () => {
    expect(read('Jane Roe♠, John Doe♢♡ and Ching Chong□,⋄')).toEqual([
      ['Jane Roe', '♠'],
      ['John Doe', '♢♡'],
      ['Ching Chong', '□⋄'],
    ]);
    expect(read('Jane Roeα, Marie Maierαβ')).toEqual([
      ['Jane Roe', ''],
      ['Marie Maier', ''],
    ]);
  });

  it('may have no commas, only marks between', () => {
    expect(read('Jane Roe∗¹ John Doe♢ Ching Chong²').map(([name]) => name)).toEqual([
      'Jane Roe',
      'John Doe',
      'Ching Chong',
    ]);
  });

  it('gives a raised letter behind the comma to the name before', () => {
    expect(read('Jane Roe,ᵃ John Doe,ᵃ,ᵇ and Ching Chong *ᵇ')).toEqual([
      ['Jane Roe', 'a'],
      ['John Doe', 'ab'],
      ['Ching Chong', '*b'],
    ]);
  });

  it('may go on in the next line, behind its last word', () => {
    expect(read('Jane Roe¹, John Doe² and').map(([name]) => name)).toEqual(['Jane Roe', 'John Doe']);
    expect(read('Jane Roe¹, John Doe² &').map(([name]) => name)).toEqual(['Jane Roe', 'John Doe']);
  });

  it('is without degrees, whatever marks follow them', () => {
    expect(read('Jane Roe Ph.D.ᵃ,ᵇ*, John M. Doe M.D. Ph.D.ᵇ')).toEqual([
      ['Jane Roe', 'ab*'],
      ['John M. Doe', 'b'],
    ]);
  });
});

describe('isName', () => {
  it.each(['Md. Hassan uz-Zaman', 'Fatima al-Fihri', 'Simon D’Alton', 'Titia de Lange'])('knows %s', (name) => {
    expect(isName(name)).toBe(true);
  });
});
