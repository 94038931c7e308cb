import { describe, expect, it } from 'vitest';
import type { PaperSource } from './paper-source.js';
import { documentOf, plainDocumentOf } from './references/list.fixture.js';
import { type References, readReferences } from './references.js';

const read = (source: PaperSource): References => readReferences(source, []);
const slice = (source: PaperSource, { startOffset, endOffset }: { startOffset: number; endOffset: number }): string =>
  Buffer.from(source.text).subarray(startOffset, endOffset).toString();

const BODY = `
# 1 Introduction
Rest has been studied before [1], and so have its costs [2, 3].
`;
const NUMBERED = `
# References
[1] A. Okoye and B. Lind, “Rest in wards,” J. Nurs., vol. 4,
  pp. 12–19, 2011.
[2] C. Haas, “Costs of rest,” Health Econ., vol. 9, pp. 1–8,
  2014.
[3] D. Silva et al., “Sleep debt,” Sleep, vol. 2, p. 7, 2009.
`;

describe('a numbered list', () => {
  const source = documentOf([{ page: 1, x: 50, lines: BODY + NUMBERED }]);
  const { references, confidence, uncertainties } = read(source);

  it('has an entry a label, whatever the paragraphs are', () => {
    expect(references.map(({ label }) => label)).toEqual(['1', '2', '3']);
    expect(references.map(({ title }) => title)).toEqual(['Rest in wards', 'Costs of rest', 'Sleep debt']);
  });

  it('places each entry on its bytes and its page', () => {
    expect(slice(source, references[1] as never)).toBe(
      'C. Haas, “Costs of rest,” Health Econ., vol. 9, pp. 1–8, 2014.',
    );
    expect(references[1]).toMatchObject({ page: 1, raw: slice(source, references[1] as never) });
    expect(references[1]?.box?.height).toBeGreaterThan(12);
  });

  it('says what its confidence rests on', () => {
    expect(confidence.find(({ field }) => field === 'references')?.basis).toContain('3 entries labelled without a gap');
    expect(uncertainties).toEqual([]);
  });

  it('finds an entry that two columns hide inside a line', () => {
    const lines = `
# References
[1] A. Okoye, J. Nurs. 4, 12 (2011).
[2] C. Haas, Health Econ. 9, 1 (2014). [3] D. Silva, Sleep 2, 7 (2009).
[4] E. Wu, Rest 1, 2 (2008).
`;
    expect(
      read(documentOf([{ page: 1, x: 50, lines }])).references.map(({ label, raw }) => [label, raw.slice(0, 8)]),
    ).toEqual([
      ['1', 'A. Okoye'],
      ['2', 'C. Haas,'],
      ['3', 'D. Silva'],
      ['4', 'E. Wu, R'],
    ]);
  });

  it('is read by rows when the labels are drawn first', () => {
    const columns = [
      { page: 1, x: 50, lines: '# References\n[1]\n\n[2]\n\n[3]' },
      {
        page: 1,
        x: 70,
        lines:
          '\nA. Okoye, J. Nurs. 4, 12 (2011).\n\nC. Haas, Health Econ. 9, 1 (2014).\n\nD. Silva, Sleep 2, 7 (2009).',
      },
    ];
    const source = documentOf(columns);
    const rows = source.layout.paragraphs.flatMap(({ lines }) => lines);
    for (const [index, line] of rows.slice(4).entries()) line.baseline = rows[index + 1]?.baseline ?? 0;
    expect(read(source).references.map(({ label, venue }) => [label, venue])).toEqual([
      ['1', 'J. Nurs.'],
      ['2', 'Health Econ'],
      ['3', 'Sleep'],
    ]);
  });

  it('reports a number that is missing', () => {
    const lines = `
# References
1. Okoye A. Rest in wards. J Nurs. 2011;4:12–9.
2. Haas C. Costs of rest. Health Econ. 2014;9:1–8.
4. Silva D. Sleep debt. Sleep. 2009;2:7–9.
5. Wu E. Naps. Sleep. 2010;3:1–4.
`;
    const { uncertainties: doubts } = read(documentOf([{ page: 1, x: 50, lines }]));
    expect(doubts.find(({ code }) => code === 'REFERENCES_UNPARSED')?.message).toContain('numbers 3 were not found');
  });

  it('is not misled by a line that begins with a page number', () => {
    const lines = `
# References
1. Okoye A. Rest in wards, and what the night shift makes
  of it. J Nurs. 2011;4:
  2. Suppl 1:12–9.
2. Haas C. Costs of rest. Health Econ. 2014;9:1–8.
3. Silva D. Sleep debt. Sleep. 2009;2:7–9.
`;
    expect(read(documentOf([{ page: 1, x: 50, lines }])).references).toHaveLength(3);
  });

  it('ends where the paper goes on or the publisher takes over', () => {
    const tail = `

Cite this article as: Okoye: A study of rest. J Rest 2020, 1:1.

# Appendix A
[4] This is no entry of 2012, but text.
`;
    const { references: found } = read(documentOf([{ page: 1, x: 50, lines: NUMBERED.trimEnd() + tail }]));
    expect(found).toHaveLength(3);
    expect(found.at(-1)?.raw).toMatch(/2009\.$/);
  });

  it('goes on under a running header of the next page', () => {
    const next = `
REFERENCES
[4] E. Wu, “Naps,” Sleep, vol. 3, p. 1, 2010.
[5] F. Ito, “Dreams,” Sleep, vol. 4, p. 2, 2012.
`;
    const columns = [
      { page: 1, x: 50, lines: NUMBERED },
      { page: 2, x: 60, lines: next },
    ];
    expect(read(documentOf(columns, false)).references.map(({ label }) => label)).toEqual(['1', '2', '3', '4', '5']);
  });

  it('is found without a heading', () => {
    const { references: found, confidence: sure } = read(
      documentOf([{ page: 1, x: 50, lines: BODY + NUMBERED.replace('# References\n', '\n') }]),
    );
    expect(found).toHaveLength(3);
    expect(sure[0]?.basis).toContain('without a heading');
  });

  it('may carry keys', () => {
    const lines = `
# Bibliography
[KB14] Diana Kern and Jo Bell. Adding: A method. In ICLR, 2014.
[Mor09] Ann Mora. Gates. J. Gates, 3(1):1–9, 2009.
`;
    const { references: found, citations } = read(
      documentOf([{ page: 1, x: 50, lines: `As shown [KB14, Mor09] it works.\n${lines}` }]),
    );
    expect(found.map(({ label }) => label)).toEqual(['KB14', 'Mor09']);
    expect(citations).toMatchObject([{ text: '[KB14, Mor09]', references: [0, 1] }]);
  });
});

describe('a list without numbers', () => {
  const first = `
# References
Aguilar, R., & Smith, T. (2005). Soil respiration after
  burning: What remains? Soil Biology, 37, 1801–1809.
  https://doi.org/10.1016/j.soil.
  2005.02.014
The Soil Survey Staff. (1999). Soil taxonomy. Government
  Printing Office.
Nakagawa, Y. (2011). Charcoal in boreal
`;
  const second = `
  soils. Geoderma, 162, 95–103. https:
  //doi.org/10.1016/geo.2011
pandas. (2020). Data frames. Zenodo.
Zhou, L. (2001). Ash. Soil, 1, 1–2.
`;
  const source = documentOf([
    { page: 1, x: 50, lines: first },
    { page: 2, x: 300, lines: second },
  ]);
  const { references } = read(source);

  it('is cut where the lines hang out, over columns and pages', () => {
    expect(references.map(({ raw }) => raw.slice(0, 12))).toEqual([
      'Aguilar, R.,',
      'The Soil Sur',
      'Nakagawa, Y.',
      'pandas. (202',
      'Zhou, L. (20',
    ]);
    expect(references[2]?.title).toBe('Charcoal in boreal soils');
  });

  it('puts DOIs together that a line break has cut', () => {
    expect(references.map(({ doi }) => doi)).toEqual([
      '10.1016/j.soil.2005.02.014',
      null,
      '10.1016/geo.2011',
      null,
      null,
    ]);
  });

  it('is cut at wider gaps when nothing is indented', () => {
    const lines = `
# Literature cited
Aguilar R, Smith T: Soil respiration after burning and what
remains of it. Soil Biol. 2005; 37: 1801–1809.

Nakagawa Y: Charcoal in boreal soils, from an
Archive of cores. Geoderma. 2011; 162: 95–103.

Zhou L, Kim P: Ash. Soil. 2001; 1: 1–2.
`;
    const { references: found } = read(documentOf([{ page: 1, x: 50, lines }], false));
    expect(found.map(({ title }) => title)).toEqual([
      'Soil respiration after burning and what remains of it',
      'Charcoal in boreal soils, from an Archive of cores',
      'Ash',
    ]);
  });

  it('is a paragraph an entry in a document without pages', () => {
    const { references: found } = read(
      plainDocumentOf(`
# Notes
Text (Zhou, 2001).
# References
Aguilar, R., & Smith, T. (2005). Soil respiration after burning. Soil Biology, 37, 1801–1809.
Zhou, L. (2001). Ash. Soil, 1, 1–2.
`),
    );
    expect(found.map(({ title, page }) => [title, page])).toEqual([
      ['Soil respiration after burning', null],
      ['Ash', null],
    ]);
  });
});

it('a table of contents is no list, and a paper without one says so', () => {
  const lines = `
# Contents
References 14
# 1 Introduction
A study of rest in 2012 by many.
`;
  expect(read(documentOf([{ page: 1, x: 50, lines }]))).toMatchObject({
    references: [],
    uncertainties: [{ code: 'NO_REFERENCES_FOUND' }],
  });
});

it('a list that cannot be split is reported where it stands', () => {
  const lines = `
# 1 Introduction
A study of rest.
# References
those of the first part and then some more words of no use
`;
  expect(read(documentOf([{ page: 4, x: 50, lines }]))).toMatchObject({
    references: [],
    uncertainties: [{ code: 'REFERENCES_UNPARSED', page: 4 }],
  });
});

describe('citations', () => {
  const cite = (text: string, list = NUMBERED): [string, number[]][] => {
    const source = documentOf([{ page: 1, x: 50, lines: `${text}\n${list}` }]);
    const { citations } = read(source);
    for (const citation of citations) expect(slice(source, citation)).toBe(citation.text);
    return citations.map(({ text: mark, references }) => [mark, references]);
  };

  it('in brackets: single, several, ranges, with a note', () => {
    expect(cite('Naïve rest [1], [1,3] and [1–3], [2]–[3]; see [2, Theorem 4].')).toEqual([
      ['[1]', [0]],
      ['[1,3]', [0, 2]],
      ['[1–3]', [0, 1, 2]],
      ['[2]–[3]', [1, 2]],
      ['[2, Theorem 4]', [1]],
    ]);
  });

  it('are no intervals', () => expect(cite('With x ∈ [1, 2] and [0, 1] as shown [3].')).toEqual([['[3]', [2]]]));

  it('as raised figures, but never exponents or units', () => {
    expect(cite('Rest helps¹,² and costs.³ It took 10³ cm² at m² for x².')).toEqual([
      ['¹,²', [0, 1]],
      ['³', [2]],
    ]);
  });

  it('in parentheses where the paper has no other, and equation numbers are none', () => {
    expect(cite('Rest helps patients (1, 2) and nurses\n(3). By Eq. (2) it holds.')).toEqual([
      ['(1, 2)', [0, 1]],
      ['(3)', [2]],
    ]);
  });

  const NAMED = `
# References
Buckley, C., & Voorhees, E. (2000a). Measuring stability. In SIGIR.
Buckley, C., & Voorhees, E. (2000b). Measuring again. In SIGIR.
García Márquez, L., Wei, X., & Li, Y. (2012). Counting. Numbers, 1, 2–3.
Sakai, T. (2007). On graded relevance. IPM, 43, 531–548.
van der Berg, H. (2010). Dikes. Water, 2, 1–9.
World Health Organization. (2009). Hand hygiene. WHO Press.
`;

  it('by name and year, in parentheses and in the sentence', () => {
    const text = 'As known (Sakai, 2007; Buckley & Voorhees, 2000a), and by Sakai (2007) and van der Berg (2010).';
    expect(cite(text, NAMED)).toEqual([
      ['(Sakai, 2007; Buckley & Voorhees, 2000a)', [0, 3]],
      ['Sakai (2007)', [3]],
      ['van der Berg (2010)', [4]],
    ]);
  });

  it('by several years of one name, by organisations, with what introduces them', () => {
    const text =
      'Stable (Buckley and Voorhees, 2000a,b; see also García Márquez et al., 2012) hygiene (World Health Organization, 2009) and (WHO, 2009).';
    expect(cite(text, NAMED)).toEqual([
      ['(Buckley and Voorhees, 2000a,b; see also García Márquez et al., 2012)', [0, 1, 2]],
      ['(World Health Organization, 2009)', [5]],
      ['(WHO, 2009)', [5]],
    ]);
  });

  it('begin with the name, and a date is none', () => {
    expect(cite('In Sakai (2007), measured in (May 2010) and since June (2011), it holds.', NAMED)).toEqual([
      ['Sakai (2007)', [3]],
    ]);
    const source = documentOf([{ page: 1, x: 50, lines: `As Sakai (2007) measured in (May 2010).\n${NAMED}` }]);
    expect(read(source).uncertainties).toEqual([]);
  });

  it('without a target are counted', () => {
    const source = documentOf([{ page: 1, x: 50, lines: `Rest [1] and more [2] but [9].\n${NUMBERED}` }]);
    const { citations, uncertainties } = read(source);
    expect(citations).toHaveLength(2);
    expect(uncertainties).toMatchObject([
      { code: 'CITATIONS_UNRESOLVED', message: expect.stringContaining('1 citation mark') },
    ]);
  });

  it('never stand in the list itself', () => {
    expect(cite('Rest [1].', NUMBERED.replace('Sleep debt', 'Sleep debt after [1]'))).toEqual([['[1]', [0]]]);
  });
});
