import { describe, expect, it } from 'vitest';
import { describedAuthors } from './described-authors.js';
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

  it('have what the paper prints beside them, whatever the spelling of accents, dots and capitals', () => {
    const place = { startOffset: 5, endOffset: 9, page: 1, box: null };
    expect(describedAuthors(['ana j ruiz'], [printed('Ana J. Ruíz')])).toEqual([
      { name: 'ana j ruiz', affiliations: ['Lab'], email: null, orcid: null, place },
    ]);
  });

  it('keep their order, and their names alone when the paper does not print them', () => {
    const authors = describedAuthors(['Bo Li', 'Ana Ruiz'], [printed('Ana Ruiz'), printed('Carl Cox')]);
    expect(authors.map(({ name, affiliations }) => [name, affiliations])).toEqual([
      ['Bo Li', []],
      ['Ana Ruiz', ['Lab']],
    ]);
  });
});
