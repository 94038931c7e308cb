import { describe, expect, it } from 'vitest';
import type { StructuredPaper } from '../../../../src/papers/structured-paper.js';
import { builtinEngine } from '../builtin/read-paper.js';
import { ARTICLE, EMPTY_BODY, HEADER_ONLY, paperPdf } from './grobid-answers.fixture.js';
import { createGrobidEngine } from './grobid-engine.js';
import { answering, baseWith, inputOf, serve } from './grobid-server.fixture.js';

async function readWith(tei: string, base = baseWith()) {
  const { url } = await serve(answering(200, tei));
  const engine = createGrobidEngine({ url, base });
  const read = await engine.read(inputOf(paperPdf()));
  const bytes = Buffer.from(read.document.text);
  const slice = ({ startOffset, endOffset }: { startOffset: number; endOffset: number }) =>
    bytes.subarray(startOffset, endOffset).toString();
  return { ...read, slice };
}

describe('a paper read by GROBID', () => {
  it('has the title, authors, dates and identifiers of its header', async () => {
    const { paper, slice } = await readWith(ARTICLE);
    expect(paper).toMatchObject({
      engine: 'grobid@0.8.2',
      title: 'Counting Raindrops with Small Networks',
      year: 2019,
      doi: '10.5555/rain.2019.1',
      arxivId: '1903.01234v2',
      keywords: ['rain', 'small networks'],
    });
    expect(paper.abstract).toMatch(/^Rain is hard to count\. We show.* for a year\.$/);
    expect(paper.places.title).toMatchObject({ page: 1 });
    expect(paper.places.abstract && slice(paper.places.abstract)).toMatch(/^Rain is hard.* for a year\.$/s);
    expect(paper.authors.map(({ name, affiliations, email, orcid }) => ({ name, affiliations, email, orcid }))).toEqual(
      [
        {
          name: 'Ada M. Byron',
          affiliations: ['University of Turin, Turin, Italy'],
          email: 'ada@example.org',
          orcid: '0000-0002-1825-0097',
        },
        {
          name: 'Grace Hopper',
          affiliations: ['Department of Rain, University of Turin, Turin, Italy'],
          email: null,
          orcid: null,
        },
      ],
    );
    expect(paper.authors.map(slice)).toEqual(['Ada M. Byron', 'Grace Hopper']);
  });

  it('has its sections with number, level, role and text, each at its heading', async () => {
    const { paper, slice } = await readWith(ARTICLE);
    expect(paper.sections.map(({ heading, level, role, page }) => [heading, level, role, page])).toEqual([
      ['1 Introduction', 1, 'PROBLEM', 1],
      ['2 Method', 1, 'METHOD', 1],
      ['2.1 Training', 2, 'TRAINING', 2],
      ['Acknowledgements', 1, 'ACKNOWLEDGEMENTS', 2],
      ['Results of the other winter', 1, 'APPENDIX', null],
    ]);
    expect(paper.sections.slice(0, 4).map(slice)).toEqual(paper.sections.slice(0, 4).map(({ heading }) => heading));
    expect(paper.sections[1]?.text.split('\n\n')).toEqual([
      expect.stringMatching(/^The network has .* keeps the number of channels/),
      'where c is the count and d is the number of drops, as in earlier work [3].',
      'A list has items.',
      'A division without a heading goes on.',
    ]);
  });

  it('has references as printed, with what was recognised in them and their labels from the text', async () => {
    const { paper, slice } = await readWith(ARTICLE);
    expect(paper.references).toMatchObject([
      {
        label: '1',
        raw: 'D. Gauge and T. Bucket. The volume of rain. Journal of Weather, 12:1-9, 1999.',
        title: 'The volume of rain',
        authors: ['D. Gauge', 'T. Bucket'],
        year: 1999,
        venue: 'Journal of Weather',
        doi: null,
      },
      { label: '2', title: 'Drops on Glass', authors: ['W. Pane'], year: 2011, venue: null, doi: '10.5555/glass.2011' },
      { label: '3', title: null, authors: ['S. Small'], arxivId: '1503.01234', page: 2 },
    ]);
    expect(paper.references.map(slice)).toEqual(paper.references.map(({ raw }) => raw));
  });

  it('has references as our text prints them when GROBID gives no printed form', async () => {
    const { paper, slice } = await readWith(ARTICLE.replace(/<note type="raw_reference">.*<\/note>/g, ''));
    expect(paper.references[0]).toMatchObject({
      label: '1',
      raw: 'D. Gauge and T. Bucket. The volume of rain. Journal of Weather, 12:1-9, 1999.',
      title: 'The volume of rain',
    });
    expect(paper.references[0] && slice(paper.references[0])).toBe(paper.references[0]?.raw);
  });

  it('joins what is one mark of citation in print, and leaves out marks that point nowhere', async () => {
    const { paper, slice } = await readWith(ARTICLE);
    expect(paper.citations.map(({ text, references }) => [text, references])).toEqual([
      ['[1, 2]', [0, 1]],
      ['[2]', [1]],
      ['[3]', [2]],
    ]);
    expect(paper.citations.map(slice)).toEqual(['[1, 2]', '[2]', '[3]']);
    expect(paper.citations.every(({ page, box }) => page === 1 && box !== null && box.width < 40)).toBe(true);
    expect(paper.uncertainties).toContainEqual(
      expect.objectContaining({ code: 'CITATIONS_UNRESOLVED', message: expect.stringMatching(/^1 /) }),
    );
  });

  it('has tables with their cells, figures and equations', async () => {
    const { paper, slice } = await readWith(ARTICLE);
    const [first, second] = paper.tables;
    expect(first).toMatchObject({
      label: 'Table 1',
      caption: 'Error by camera.',
      rows: [
        ['Winter', ''],
        ['Camera', 'Error'],
        ['Roof', '4.0'],
      ],
      page: 2,
    });
    expect(first && slice(first)).toBe('Table 1: Error by camera.');
    expect(first?.box?.height).toBeGreaterThan(30); // caption and cells
    expect(second).toMatchObject({ rows: [], page: 2, box: { x: 72, y: 400, width: 300, height: 42 } });
    expect(second && slice(second)).toBe('');
    expect(paper.figures).toMatchObject([
      { label: 'Figure 1', caption: 'A drop on glass, and what the network sees of it.', page: 2 },
    ]);
    expect(paper.equations).toMatchObject([
      { number: '1', text: 'L = (c − d)²', page: 1, box: { x: expect.closeTo(200, 0), y: expect.closeTo(362, 0) } },
    ]);
    expect(paper.equations.map(slice).join()).toMatch(/^L = \(c - d\)\^2\s+\(1\)$/);
    expect(paper.uncertainties.map(({ code, page }) => [code, page])).toEqual(
      expect.arrayContaining([
        ['TABLE_WITHOUT_CELLS', 2],
        ['EQUATIONS_UNREADABLE', null],
        ['REFERENCES_UNPARSED', null],
      ]),
    );
  });

  it('says of every field how sure it is: less where the words are not in the text', async () => {
    const { paper } = await readWith(ARTICLE);
    const of = (field: string) => paper.confidence.find((entry) => entry.field === field);
    expect(of('references')).toMatchObject({
      score: 0.93,
      basis: 'GROBID 0.8.2; 3 of 3 found word for word in the text',
    });
    expect(of('figures')?.score).toBe(0.8);
    expect(of('equations')?.basis).toContain('1 by their lines');
    expect(of('equations')?.score).toBeLessThan(0.5);
    const unlike = await readWith(ARTICLE.replaceAll('The volume of rain', 'La pluie et son volume en Italie'));
    const lower = unlike.paper.confidence.find(({ field }) => field === 'references');
    expect(lower?.score).toBeLessThan(0.93);
  });

  it('is surer of a value that the other reading has too, and less sure of one that it has otherwise', async () => {
    const scoreOfYear = async (fields: Partial<StructuredPaper>) => {
      const { paper } = await readWith(ARTICLE, baseWith(fields));
      return paper.confidence.find(({ field }) => field === 'year')?.score ?? 0;
    };
    const alone = await scoreOfYear({});
    expect(await scoreOfYear({ year: 2019 })).toBeGreaterThan(alone);
    expect(await scoreOfYear({ year: 1919 })).toBeLessThan(alone);
  });

  it('answers for a file through the builtin engine as well', async () => {
    const { paper, document } = await readWith(ARTICLE, builtinEngine);
    expect(paper.title).toBe('Counting Raindrops with Small Networks');
    expect(paper.pages).toHaveLength(2);
    const length = Buffer.byteLength(document.text);
    const places = [...paper.sections, ...paper.citations, ...paper.claims, ...paper.metrics];
    expect(places.every(({ startOffset, endOffset }) => startOffset <= endOffset && endOffset <= length)).toBe(true);
  });
});

describe('what GROBID leaves empty', () => {
  const fromBase: Partial<StructuredPaper> = {
    title: 'Another title',
    abstract: 'Rain is hard to count.',
    year: 2018,
    references: [
      {
        ...{
          label: null,
          raw: 'A.',
          title: 'A',
          authors: [],
          year: null,
          venue: null,
          doi: null,
          arxivId: null,
          url: null,
        },
        ...{ startOffset: 0, endOffset: 1, page: 1, box: null },
      },
    ],
    citations: [{ text: '[1]', references: [0], startOffset: 0, endOffset: 1, page: 1, box: null }],
    confidence: [
      { field: 'abstract', score: 0.7, basis: 'stands under its heading' },
      { field: 'claims', score: 0.6, basis: 'words of finding' },
    ],
    uncertainties: [
      { code: 'NO_AUTHORS_FOUND', message: 'none', page: null },
      { code: 'SCANNED_PAGE', message: 'Page 2 is an image.', page: 2 },
      { code: 'REFERENCES_UNPARSED', message: 'theirs', page: null },
    ],
  };

  it('is filled from the other reading, and says so', async () => {
    const { paper } = await readWith(HEADER_ONLY, baseWith(fromBase));
    expect(paper).toMatchObject({
      title: 'Counting Raindrops with Small Networks',
      abstract: 'Rain is hard to count.',
      year: 2018,
      citations: [{ text: '[1]' }],
      references: [{ raw: 'A.' }],
    });
    expect(paper.confidence).toContainEqual({
      field: 'abstract',
      score: 0.7,
      basis: 'GROBID gave none; other@1: stands under its heading',
    });
    expect(paper.uncertainties.map(({ code }) => code)).toEqual([
      'SCANNED_PAGE',
      'REFERENCES_UNPARSED',
      'NO_AUTHORS_FOUND',
      'NO_SECTIONS_FOUND',
    ]);
  });

  it('does not mix citations of one reading with references of the other', async () => {
    const unmarked = ARTICLE.replace(/<ref type="bibr"[^>]*>/g, '<ref type="bibr">');
    const { paper } = await readWith(unmarked, baseWith(fromBase));
    expect(paper.references).toHaveLength(3);
    expect(paper.citations).toEqual([]);
    expect(paper.uncertainties).toContainEqual(expect.objectContaining({ code: 'CITATIONS_UNRESOLVED' }));
  });

  it('keeps the claims of the other reading, under the headings of this one', async () => {
    const { document } = await baseWith().read(inputOf(paperPdf()));
    const startOffset = Buffer.from(document.text).indexOf('four layers');
    const place = { startOffset, endOffset: startOffset + 11, page: 1, box: null };
    const claim = { text: 'four layers', section: 'Introduction', score: 1, ...place };
    const { paper } = await readWith(ARTICLE, baseWith({ ...fromBase, claims: [claim] }));
    expect(paper.claims).toEqual([{ ...claim, section: '2 Method' }]);
    expect(paper.confidence).toContainEqual({ field: 'claims', score: 0.6, basis: 'words of finding' });
  });

  it('is named as missing when neither has it', async () => {
    const { paper } = await readWith(EMPTY_BODY);
    expect(paper.title).toBe('Counting Raindrops with Small Networks');
    expect(paper.uncertainties.map(({ code }) => code)).toEqual(['NO_SECTIONS_FOUND', 'NO_REFERENCES_FOUND']);
    expect(paper.confidence.map(({ field }) => field)).not.toContain('sections');
  });
});
