import { describe, expect, it } from 'vitest';
import type { PdfRun } from '../pdf-page.js';
import { scripted } from './scripts.js';

const run = (text: string, y = 100, size = 10): PdfRun => ({ text, x: 0, y, width: 10, size, font: 'roman' });
const MAIN = run('Jane Roe');
const raised = (text: string) => scripted(run(text, 104, 7), MAIN);
const lowered = (text: string) => scripted(run(text, 98, 7), MAIN);

describe('scripted', () => {
  it('raises figures, and letters that stand one by one, with the marks beside them', () => {
    expect(raised('12')).toBe('¹²');
    expect(raised('a,b,1,*')).toBe('ᵃ,ᵇ,¹,*');
  });

  it('leaves words and what is not raised as they are', () => {
    expect(raised('th')).toBe('th');
    expect(raised('max')).toBe('max');
    expect(scripted(run('a', 104, 10), MAIN)).toBe('a');
  });

  it('lowers figures', () => {
    expect(lowered('2')).toBe('₂');
    expect(lowered('i')).toBe('i');
  });
});
