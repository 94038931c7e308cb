import { describe, expect, it } from 'vitest';
import { readTei } from './read-tei.js';

const tei = (parts: { header?: string; body?: string; back?: string }) =>
  `<TEI><teiHeader>${parts.header ?? ''}</teiHeader><text><body>${parts.body ?? ''}</body><back>${parts.back ?? ''}</back></text></TEI>`;

const bibliography = (...entries: string[]) => `<div type="references"><listBibl>${entries.join('')}</listBibl></div>`;

describe('TEI', () => {
  it('without any of its parts is a paper without any of its fields', () => {
    expect(readTei('<TEI/>')).toEqual({
      version: null,
      title: null,
      authors: [],
      abstract: null,
      year: null,
      doi: null,
      arxivId: null,
      keywords: [],
      isConsolidated: false,
      references: [],
      sections: [],
      equations: [],
      tables: [],
      figures: [],
      citations: [],
      unresolvedMarks: 0,
    });
  });

  it('of a consolidated header is known as such', () => {
    const parameters = (value: number) =>
      `<encodingDesc><appInfo><application version="0.8.2"><label type="parameters">startPage=-1, consolidateHeader=${value}</label></application></appInfo></encodingDesc>`;
    expect(readTei(tei({ header: parameters(1) })).isConsolidated).toBe(true);
    expect(readTei(tei({ header: parameters(0) })).isConsolidated).toBe(false);
    const status = '<fileDesc><sourceDesc><biblStruct status="consolidated"/></sourceDesc></fileDesc>';
    expect(readTei(tei({ header: status })).isConsolidated).toBe(true);
  });

  it('keeps the parts of a structured abstract apart', () => {
    const abstract =
      '<abstract><div><head>Aims</head><p>To count rain.</p></div><div><head>Results</head><p>It rained.</p><p>Much.</p></div></abstract>';
    const { abstract: text } = readTei(tei({ header: `<profileDesc>${abstract}</profileDesc>` }));
    expect(text).toBe('Aims To count rain.\n\nResults It rained.\n\nMuch.');
  });

  it('of keywords in one run is taken apart', () => {
    const keywords = '<profileDesc><textClass><keywords>rain; snow · hail</keywords></textClass></profileDesc>';
    expect(readTei(tei({ header: keywords })).keywords).toEqual(['rain', 'snow', 'hail']);
  });

  it('names a group of authors by its own name', () => {
    const header =
      '<fileDesc><sourceDesc><biblStruct><analytic><author><orgName type="collaboration">The Rain Group</orgName></author></analytic></biblStruct></sourceDesc></fileDesc>';
    expect(readTei(tei({ header })).authors).toMatchObject([{ name: 'The Rain Group', affiliations: [] }]);
  });

  it('of a reference without its printed form is put together, in a paper, a chapter and a talk', () => {
    const [paper, chapter, talk, nothing] = readTei(
      tei({
        back: bibliography(
          '<biblStruct xml:id="b0"><analytic><title level="a">Rain</title><author><persName><forename type="first">A</forename><surname>Byron</surname></persName></author></analytic><monogr><title level="j">Weather</title><title level="j" type="abbrev">Weath.</title><imprint><date when="1999-02"/></imprint></monogr><ptr target="https://example.org/rain"/></biblStruct>',
          '<biblStruct xml:id="b1"><analytic><title level="a">Drops</title></analytic><monogr><title level="m">A Book of Rain</title><imprint/></monogr></biblStruct>',
          '<biblStruct xml:id="b2"><monogr><title level="m">On Hail</title><meeting>Second Meeting on Weather</meeting><imprint><date>May 2003</date></imprint></monogr></biblStruct>',
          '<biblStruct xml:id="b3"><monogr><imprint/></monogr></biblStruct>',
        ),
      }),
    ).references;
    expect(paper).toMatchObject({
      raw: 'A. Byron. Rain. Weather. 1999',
      isComposed: true,
      venue: 'Weather',
      url: 'https://example.org/rain',
    });
    expect(chapter).toMatchObject({ title: 'Drops', venue: 'A Book of Rain', year: null, authors: [] });
    expect(talk).toMatchObject({ title: 'On Hail', venue: 'Second Meeting on Weather', year: 2003 });
    expect(nothing).toBeUndefined();
  });

  it('of a printed reference gives its label, and identifiers that only the print has', () => {
    const note = (text: string) => `<biblStruct><monogr/><note type="raw_reference">${text}</note></biblStruct>`;
    const { references } = readTei(
      tei({
        back: bibliography(
          note('[KB14] D. Kingma. Adam. arXiv:1412.6980, 2014.'),
          note('12. Pane W. Drops. https://doi.org/10.5555/ABC.1.'),
          note('1984 was a year. See https://example.org/1984.'),
        ),
      }),
    );
    expect(references).toMatchObject([
      { label: 'KB14', raw: 'D. Kingma. Adam. arXiv:1412.6980, 2014.', arxivId: '1412.6980', isComposed: false },
      { label: '12', doi: '10.5555/abc.1' },
      { label: null, doi: null, arxivId: null, url: 'https://example.org/1984' },
    ]);
  });

  it('of captions separates label and words, wherever GROBID put them', () => {
    const figure = (inner: string, type = '') => `<figure${type && ` type="${type}"`}>${inner}</figure>`;
    const { figures, tables } = readTei(
      tei({
        body: [
          figure('<head>Fig. 3. Rain and</head><label>3</label><figDesc>snow.</figDesc>'),
          figure('<head>Figure S2</head><figDesc>Figure S2: Hail.</figDesc>'),
          figure('<label>4</label><figDesc>Fog.</figDesc>'),
          figure('<figDesc>Only words.</figDesc>'),
          figure('<head/><graphic/>'),
          figure(
            '<head>TABLE IV</head><label>IV</label><table><row><cell cols="999999999">x</cell></row></table>',
            'table',
          ),
        ].join(''),
      }),
    );
    expect(figures.map(({ label, caption }) => [label, caption])).toEqual([
      ['Fig. 3', 'Rain and snow.'],
      ['Figure S2', 'Hail.'],
      ['Figure 4', 'Fog.'],
      [null, 'Only words.'],
    ]);
    expect(tables).toMatchObject([{ label: 'TABLE IV', caption: null }]);
    expect(tables[0]?.rows[0]).toHaveLength(100);
  });

  it('of formulas gives the number without brackets, however those were read', () => {
    const body = ['(12a)', '[3]', 'ð1Þ', '(A.2)', '(*)'].map((label) => `<formula>x<label>${label}</label></formula>`);
    const { equations } = readTei(tei({ body: `<div>${body.join('')}<formula>y</formula><formula> </formula></div>` }));
    expect(equations.map(({ number }) => number)).toEqual(['12a', '3', '1', 'A.2', '*', null]);
  });

  it('with more pieces of a kind than any paper has is refused', () => {
    const mark = '<ref type="bibr" target="#b0">[1]</ref> ';
    const back = bibliography('<biblStruct xml:id="b0"><note type="raw_reference">A. Rain.</note></biblStruct>');
    const citing = (times: number) => tei({ body: `<div><p>${mark.repeat(times)}</p></div>`, back });
    expect(readTei(citing(20_000)).citations).toHaveLength(20_000);
    expect(() => readTei(citing(20_001))).toThrow(expect.objectContaining({ code: 'UNREADABLE_DOCUMENT' }));
  });
});
