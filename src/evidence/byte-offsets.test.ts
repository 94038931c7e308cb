import { describe, expect, it } from 'vitest';
import { byteOffsetMap, sliceByBytes } from './byte-offsets.js';

describe('byteOffsetMap', () => {
  it('agrees with the encoder for one- to four-byte characters', () => {
    const text = 'aé€𝒳z';
    const map = byteOffsetMap(text);
    for (let i = 0; i <= text.length; i++) {
      if (i === 4) continue; // inside the surrogate pair
      expect(map[i]).toBe(Buffer.byteLength(text.slice(0, i)));
    }
  });
});

describe('sliceByBytes', () => {
  const bytes = Buffer.from('aé€𝒳z');

  it('returns the text between two character boundaries', () => {
    expect(sliceByBytes(bytes, 1, 6)).toBe('é€');
    expect(sliceByBytes(bytes, 0, bytes.length)).toBe('aé€𝒳z');
  });

  it('refuses offsets that cut a character or leave the text', () => {
    expect(sliceByBytes(bytes, 2, 6)).toBeUndefined();
    expect(sliceByBytes(bytes, 1, 4)).toBeUndefined();
    expect(sliceByBytes(bytes, 0, 99)).toBeUndefined();
    expect(sliceByBytes(bytes, 3, 1)).toBeUndefined();
  });
});
