import { describe, expect, it } from 'vitest';
import { findAuthor, indexAuthors } from './listed-author.js';
import { packLines, unpackLines } from './packed-lines.js';
import type { PaperAuthor } from './structured-paper.js';

describe('lines as they are stored', () => {
  it('come back as they were, to a hundredth of a point', () => {
    const line = {
      startOffset: 10,
      endOffset: 25,
      page: 3,
      box: { x: 72.123456, y: 700, width: 12.005, height: 9.96264 },
    };
    expect(unpackLines(packLines([line]))).toEqual([
      { ...line, box: { x: 72.12, y: 700, width: 12.01, height: 9.96 } },
    ]);
  });
});

describe('the authors a paper is listed under', () => {
  const printed = (name: string): PaperAuthor => ({
    name,
    affiliations: ['Lab'],
    email: null,
    orcid: null,
    startOffset: 5,
    endOffset: 9,
    page: 1,
    box: null,
  });

  it('are found whatever the spelling of accents, dots and capitals', () => {
    const authors = indexAuthors([printed('Ana J. Ruíz'), printed('Bo Li')]);
    expect(findAuthor(authors, 'ana j ruiz')?.name).toBe('Ana J. Ruíz');
    expect(findAuthor(authors, 'BO LI')?.name).toBe('Bo Li');
    expect(findAuthor(authors, 'B. Li')).toBeUndefined();
  });
});
