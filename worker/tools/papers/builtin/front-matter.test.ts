import { describe, expect, it } from 'vitest';
import { declaredMatter } from '../../documents/declared-matter.js';
import { centred, paperOf, prose, type SetText } from './front/front-page.fixture.js';
import { readFrontMatter } from './front-matter.js';

const body = (y: number): SetText[] => [
  { text: '1 Introduction', x: 72, y, size: 12, font: 'bold' },
  ...prose(12, { y: y + 20 }),
];
const rest = [prose(40, { y: 80 })];
const read = (page: readonly SetText[], title?: string) =>
  readFrontMatter(paperOf([page, ...rest], title === undefined ? {} : { title }));
const names = (page: readonly SetText[]) => read(page).authors.map(({ name }) => name);

const TITLE = centred('Estimating the Drift of Small Instruments at Sea', 100, { size: 17 });

describe('authors', () => {
  it('are read from one list, their raised figures pointing to affiliations', () => {
    const { authors, uncertainties } = read([
      TITLE,
      centred('Jane A. Roe^{1,2}*, Ching-Yi Chong^{2} and Dirk van der Meer^{1}', 140, { size: 11 }),
      centred('^{1}Department of Physics, University of Exampleton, 12345 Exampleton, Norway', 165, { size: 9 }),
      centred('^{2}Institute for Marine Research, Sampleville, Chile', 177, { size: 9 }),
      centred('*Correspondence: jane.roe@example.org', 195, { size: 9 }),
      { text: 'Abstract', x: 280, y: 225, size: 11, font: 'bold' },
      ...prose(6, { x: 100, y: 245, width: 410, size: 9 }),
      ...body(360),
    ]);
    expect(authors.map(({ name }) => name)).toEqual(['Jane A. Roe', 'Ching-Yi Chong', 'Dirk van der Meer']);
    expect(authors[0]).toMatchObject({
      email: 'jane.roe@example.org',
      affiliations: [
        'Department of Physics, University of Exampleton, 12345 Exampleton, Norway',
        'Institute for Marine Research, Sampleville, Chile',
      ],
    });
    expect(authors[1]?.affiliations).toEqual(['Institute for Marine Research, Sampleville, Chile']);
    expect(uncertainties).toEqual([]);
  });

  it('keep the bytes and the box that they were read from, also when a name is broken over two lines', () => {
    const source = paperOf([
      [
        TITLE,
        { text: 'Ana Beltrán Ruiz¹, Bo Lindqvist², Carla Dominguez¹, Erik', x: 72, y: 140, size: 12 },
        { text: 'Hemmings², and Fatima Zahra¹', x: 72, y: 155, size: 12 },
        { text: '1 University of Exampleton 2 Institute of Samples', x: 72, y: 180, size: 9 },
        ...body(240),
      ],
    ]);
    const { authors } = readFrontMatter(source);
    expect(authors.map(({ name }) => name)).toEqual([
      'Ana Beltrán Ruiz',
      'Bo Lindqvist',
      'Carla Dominguez',
      'Erik Hemmings',
      'Fatima Zahra',
    ]);
    const bytes = Buffer.from(source.text);
    for (const { name, startOffset, endOffset, page, box } of authors) {
      expect(bytes.subarray(startOffset, endOffset).toString().replace(/\s+/g, ' ')).toBe(name);
      expect(page).toBe(1);
      expect(box?.y).toBeGreaterThan(125);
    }
    expect(authors[3]?.affiliations).toEqual(['Institute of Samples']);
  });

  it('stand in columns with institution, place and address under each, drawn row by row', () => {
    const rows = [
      ['1^{st} Jane Roe', '2^{nd} John Q. Public', '3^{rd} Mei Lin'],
      ['Dept. of Physics', 'Acme Robotics', 'School of Computing'],
      ['University of Exampleton', 'Springfield, USA', 'Sample University'],
      ['jroe@example.edu', 'public@acme.example', 'mei.lin@sample.edu'],
    ];
    const grid = rows.flatMap((row, i) =>
      row.map((text, j) => centred(text, 140 + 12 * i, { size: 10, middle: 130 + 176 * j })),
    );
    const { authors } = read([
      TITLE,
      ...grid,
      ...prose(8, { y: 220, width: 240, size: 9, opening: 'Abstract—' }),
      ...body(350),
    ]);
    expect(authors.map(({ name }) => name)).toEqual(['Jane Roe', 'John Q. Public', 'Mei Lin']);
    expect(authors.map(({ email }) => email)).toEqual([
      'jroe@example.edu',
      'public@acme.example',
      'mei.lin@sample.edu',
    ]);
    expect(authors[0]?.affiliations.join()).toContain('University of Exampleton');
    expect(authors[1]?.affiliations.join()).toContain('Acme Robotics');
    expect(authors[2]?.affiliations.join()).not.toContain('Acme');
  });

  it('are told from a company under them that is set alike and reads like a name', () => {
    const row = (texts: string[], y: number): SetText[] =>
      texts.map((text, j) => centred(text, y, { middle: 180 + 250 * j, size: 11 }));
    const page = [
      TITLE,
      ...row(['Jane Roe', 'John Public'], 140),
      ...row(['Acme Brain', 'Sample Robotics'], 153),
      ...row(['jane@acme.example', 'john@sample.example'], 166),
      ...body(240),
    ];
    expect(read(page).authors).toMatchObject([
      { name: 'Jane Roe', affiliations: ['Acme Brain'], email: 'jane@acme.example' },
      { name: 'John Public', affiliations: ['Sample Robotics'], email: 'john@sample.example' },
    ]);
  });

  it('in capitals before their institution on one line lose it to the affiliation', () => {
    const { authors } = read([
      { ...TITLE, x: 72 },
      { text: 'JANE ROE, University of Exampleton, Norway', x: 72, y: 130, size: 10 },
      { text: 'JOHN PUBLIC and MEI LIN, Acme Research, USA', x: 72, y: 144, size: 10 },
      ...prose(7, { y: 170, size: 9 }),
      ...body(300),
    ]);
    expect(authors).toMatchObject([
      { name: 'JANE ROE', affiliations: ['University of Exampleton, Norway'] },
      { name: 'JOHN PUBLIC', affiliations: ['Acme Research, USA'] },
      { name: 'MEI LIN', affiliations: ['Acme Research, USA'] },
    ]);
  });

  it('lose the letters that some journals raise without a space', () => {
    const { authors } = read([
      { ...TITLE, x: 72 },
      { text: 'Jane Roe^{a,}^{∗}, Petra Nowak^{b} and Ravi Rao^{a,b}', x: 72, y: 130, size: 12 },
      { text: '^{a}Department of Physics, University of Exampleton, Norway', x: 72, y: 150, size: 8, font: 'italic' },
      { text: '^{b}Sample Institute, 10115 Sampleville, Germany', x: 72, y: 161, size: 8, font: 'italic' },
      { text: 'A R T I C L E I N F O', x: 72, y: 190, size: 9 },
      { text: 'Keywords:', x: 72, y: 210, size: 8, font: 'italic' },
      { text: 'Drifting buoys', x: 72, y: 220, size: 8 },
      { text: 'Error models', x: 72, y: 230, size: 8 },
      { text: 'a b s t r a c t', x: 230, y: 190, size: 9 },
      ...prose(9, { x: 230, y: 210, width: 310, size: 8 }),
      ...body(350),
    ]);
    expect(authors.map(({ name }) => name)).toEqual(['Jane Roe', 'Petra Nowak', 'Ravi Rao']);
    expect(authors[1]?.affiliations).toEqual(['Sample Institute, 10115 Sampleville, Germany']);
    expect(authors[2]?.affiliations).toHaveLength(2);
  });

  it.each([
    ['degrees and memberships', 'Jane Roe, PhD, Member, IEEE, and Dr. John Public, M.D.', ['Jane Roe', 'John Public']],
    ['dots between them', 'Jane Roe · John Q. Public · Mei Lin', ['Jane Roe', 'John Q. Public', 'Mei Lin']],
    [
      'generations',
      'Jane Roe, William B. Driggers III and Martin King, Jr.',
      ['Jane Roe', 'William B. Driggers III', 'Martin King, Jr.'],
    ],
    ['initials without spaces', 'J.A.Roe, Yu.B. Public and A.-M. Lin', ['J.A.Roe', 'Yu.B. Public', 'A.-M. Lin']],
    ['signs', 'Jane Roe∗†, John Public‡ and Mei Lin§', ['Jane Roe', 'John Public', 'Mei Lin']],
    [
      'particles and apostrophes',
      "Ludwig van den Berg, Siobhán O'Brien & María de la Cruz",
      ['Ludwig van den Berg', "Siobhán O'Brien", 'María de la Cruz'],
    ],
    ['families first', 'Roe, Jane; Public, John Q.; Lin, Mei', ['Roe, Jane', 'Public, John Q.', 'Lin, Mei']],
    ['countries that are given names', 'France Légaré and Georgia Salt', ['France Légaré', 'Georgia Salt']],
  ])('come without what is around them: %s', (_, list, wanted) => {
    expect(names([TITLE, centred(list, 140, { size: 11 }), ...body(240)])).toEqual(wanted);
  });

  it('stand before their institutions on the same line', () => {
    const { authors } = read([
      TITLE,
      centred('Jane Roe, Sample University; Mei Lin and Ravi', 140, { size: 12 }),
      centred('Rao, Acme Research Center; John Public, University of Exampleton', 155, { size: 12 }),
      ...body(240),
    ]);
    expect(authors.map(({ name, affiliations }) => [name, ...affiliations])).toEqual([
      ['Jane Roe', 'Sample University'],
      ['Mei Lin', 'Acme Research Center'],
      ['Ravi Rao', 'Acme Research Center'],
      ['John Public', 'University of Exampleton'],
    ]);
  });

  it('are read from the paper, not from the cover that a repository puts before it', () => {
    const cover = [
      centred('Estimating the Drift of Small Instruments at Sea', 150, { size: 14 }),
      centred('Some Uploader', 180),
      centred('12 PUBLICATIONS 30 CITATIONS', 195),
    ];
    const page = [
      TITLE,
      centred('Jane Roe and John Public', 140),
      ...prose(7, { y: 180, size: 9, opening: 'Abstract. ' }),
      ...body(300),
    ];
    const paper = readFrontMatter(paperOf([cover, page, ...rest]));
    expect(paper.authors.map(({ name, page: number }) => [name, number])).toEqual([
      ['Jane Roe', 2],
      ['John Public', 2],
    ]);
  });

  it('are looked for without end in no page, whatever it holds', () => {
    const words = (word: string): SetText[] =>
      Array.from({ length: 30 }, (_, i) => ({ text: word.repeat(40), x: 20, y: 130 + 13 * i, size: 8 }));
    for (const word of ['a b ', '**', 'A.', 'Aa-', '1 A ', '{a,', 'A, ']) {
      expect(read([TITLE, ...words(word)]).title).toBe('Estimating the Drift of Small Instruments at Sea');
    }
  });

  it('are missing, and said to be, where no names stand below the title', () => {
    const { authors, uncertainties } = read([
      TITLE,
      centred('Technical report of the Institute of Samples', 140),
      ...body(240),
    ]);
    expect(authors).toEqual([]);
    expect(uncertainties.map(({ code }) => code)).toContain('NO_AUTHORS_FOUND');
  });

  it('are surer with every fact that speaks for them', () => {
    const bare = read([TITLE, centred('Jane Roe and John Public', 140), ...body(240)]);
    const rich = read([
      TITLE,
      centred('Jane Roe^{1} and John Public^{2}', 140),
      centred('^{1}University of Exampleton, Norway', 160, { size: 8 }),
      centred('^{2}Institute of Samples, Chile', 170, { size: 8 }),
      centred('roe@example.edu, public@sample.edu', 182, { size: 8 }),
      ...body(240),
    ]);
    const score = (paper: typeof bare): number => paper.confidence.find(({ field }) => field === 'authors')?.score ?? 0;
    expect(score(rich)).toBeGreaterThan(score(bare));
    expect(rich.confidence.find(({ field }) => field === 'authors')?.basis).toContain('2 names');
  });
});

const AUTHORS = centred('Jane Roe and John Public', 140, { size: 11 });

describe('the abstract', () => {
  it('stands under its heading and ends at the keywords', () => {
    const paper = read([
      TITLE,
      AUTHORS,
      { text: 'ABSTRACT', x: 280, y: 180, size: 11, font: 'bold' },
      ...prose(6, { y: 200, opening: 'We show that ' }),
      { text: 'Keywords: drift, small instruments; sea', x: 72, y: 290 },
      ...body(330),
    ]);
    expect(paper.abstract).toMatch(/^We show that the measured/);
    expect(paper.abstract).not.toMatch(/keywords|Introduction/i);
    expect(paper.keywords).toEqual(['drift, small instruments', 'sea']);
    expect(paper.places.abstract?.page).toBe(1);
  });

  it.each([
    ['Abstract—', 'IEEE'],
    ['Abstract. ', 'LNCS'],
    ['Abstract ', 'Springer, in bold and without a mark'],
    ['Summary. ', 'a summary'],
    ['RESUMEN: ', 'Spanish'],
  ])('begins behind %s (%s)', (word) => {
    const paper = read([
      TITLE,
      AUTHORS,
      ...prose(6, { x: 100, y: 200, width: 410, size: 9, opening: `${word}In this paper ` }),
      ...body(330),
    ]);
    expect(paper.abstract).toMatch(/^In this paper the measured/);
  });

  it('without a heading is the smaller text between the authors and the first section', () => {
    const paper = read([
      TITLE,
      AUTHORS,
      ...prose(7, { x: 110, y: 190, width: 390, size: 9, opening: 'Here ' }),
      ...body(330),
    ]);
    expect(paper.abstract).toMatch(/^Here the measured/);
    expect(paper.confidence.find(({ field }) => field === 'abstract')?.score).toBeLessThan(0.9);
  });

  it('keeps its sub-headings, each leading its paragraph', () => {
    const part = (word: string, y: number): SetText[] => [
      { text: word, x: 72, y, size: 9, font: 'bold' },
      ...prose(3, { y: y + 12, size: 9 }),
    ];
    const paper = read([
      TITLE,
      AUTHORS,
      { text: 'Abstract', x: 72, y: 180, size: 12, font: 'bold' },
      ...part('Background', 200),
      ...part('Methods', 256),
      ...part('Conclusions', 312),
      { text: 'Keywords: drift', x: 72, y: 375, size: 9 },
      ...body(410),
    ]);
    expect(paper.abstract?.split('\n\n').map((text) => text.split(' ')[0])).toEqual([
      'Background:',
      'Methods:',
      'Conclusions:',
    ]);
  });

  it('is none where the summary is a section like the others', () => {
    const paper = read([
      TITLE,
      AUTHORS,
      { text: 'Summary', x: 72, y: 180, size: 13, font: 'bold' },
      ...prose(6, { y: 200 }),
      { text: 'Statement of need', x: 72, y: 300, size: 13, font: 'bold' },
      ...prose(12, { y: 320 }),
    ]);
    expect(paper.abstract).toBeNull();
    expect(paper.uncertainties.map(({ code }) => code)).toEqual(['NO_ABSTRACT_FOUND']);
  });

  it('is not what a margin says of editors and licences', () => {
    const margin = [
      'DOI: 10.5555/abc.123',
      'Software',
      'Editor: Max Editor',
      'Submitted: 01 May 2019',
      'Published: 03 March 2020',
      'Authors keep their copyright',
    ];
    const page: SetText[] = [
      { text: 'Estimating the Drift of Small Instruments', x: 180, y: 100, size: 17 },
      { text: 'Jane Roe^{1}', x: 180, y: 130, size: 11, font: 'bold' },
      { text: '1 University of Exampleton', x: 180, y: 150, size: 9 },
      ...margin.map((text, i) => ({ text, x: 28, y: 150 + 14 * i, size: 8 })),
      { text: 'Summary', x: 180, y: 190, size: 13, font: 'bold' },
      ...prose(20, { x: 180, y: 210, width: 360 }),
    ];
    const paper = readFrontMatter(paperOf([page, prose(40, { x: 180, y: 80, width: 360 })]));
    expect(paper).toMatchObject({ abstract: null, doi: '10.5555/abc.123', year: 2020 });
    expect(paper.authors.map(({ name, affiliations }) => [name, affiliations])).toEqual([
      ['Jane Roe', ['University of Exampleton']],
    ]);
  });
});

describe('a document without pages', () => {
  const textOf = (texts: readonly string[], yaml?: string) => {
    const text = texts.map((part) => `${part}\n\n`).join('');
    let offset = 0;
    const paragraphs = texts.map((part) => {
      const startOffset = offset;
      offset += Buffer.byteLength(part) + 2;
      const isHeading = /^(?:Abstract|Introduction)$/.test(part);
      return {
        role: isHeading ? ('HEADING' as const) : ('PARAGRAPH' as const),
        level: isHeading ? 1 : 0,
        text: part,
        startOffset,
        endOffset: offset - 2,
        lines: [],
      };
    });
    const layout = { paragraphs, pages: [], recognised: [], furniture: [], declaredTitle: null, body: null };
    const declared = yaml === undefined ? null : declaredMatter(yaml);
    const title = declared?.title ?? texts[0] ?? null;
    return readFrontMatter({ text, title, headings: [], layout: { ...layout, declared }, lines: [] });
  };
  const abstract =
    'We show that the measured values of every sample were those that a simple model of the process predicts.';

  it('says its authors under the title', () => {
    const paper = textOf([
      'On Buoys at Sea',
      'Jane Roe and John Public\nUniversity of Exampleton\njane.roe@example.org',
      'Abstract',
      abstract,
      'Introduction',
      'The sea.',
    ]);
    expect(paper).toMatchObject({
      title: 'On Buoys at Sea',
      abstract,
      places: { abstract: { page: null, box: null } },
    });
    expect(paper.authors).toMatchObject([
      { name: 'Jane Roe', affiliations: ['University of Exampleton'], email: 'jane.roe@example.org', page: null },
      { name: 'John Public', email: null },
    ]);
  });

  it('is taken at its word where it declares them', () => {
    const yaml =
      'title: On Buoys\nauthors:\n  - name: Jane Roe\n    affiliation: 1\naffiliations:\n  - name: Sample University\ndate: 3 May 2019';
    const paper = textOf(['Introduction', 'The sea was calm in 1987.'], yaml);
    expect(paper).toMatchObject({ title: 'On Buoys', year: 2019, abstract: null });
    expect(paper.authors).toMatchObject([{ name: 'Jane Roe', affiliations: ['Sample University'] }]);
    expect(paper.uncertainties.map(({ code }) => code)).toEqual(['NO_ABSTRACT_FOUND']);
  });
});
