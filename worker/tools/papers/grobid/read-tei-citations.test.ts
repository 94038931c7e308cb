import { describe, expect, it } from 'vitest';
import { readCitations } from './read-tei-citations.js';
import { parseXml } from './xml-tree.js';

const INDEX_OF_ID = new Map(Array.from({ length: 20 }, (_, index) => [`b${index}`, index]));
const read = (paragraph: string) => readCitations([parseXml(`<p>${paragraph}</p>`)], INDEX_OF_ID);
const ref = (text: string, target: number, coords = '') =>
  `<ref type="bibr" target="#b${target}"${coords && ` coords="${coords}"`}>${text}</ref>`;

describe('marks of citation', () => {
  it('that share a bracket are one', () => {
    const { citations } = read(`Seen ${ref('(Sakai, 2007;', 3)} ${ref('Voorhees, 2001)', 1)}, then ${ref('[2]', 2)}.`);
    expect(citations.map(({ text, references }) => [text, references])).toEqual([
      ['(Sakai, 2007; Voorhees, 2001)', [1, 3]],
      ['[2]', [2]],
    ]);
  });

  it('that words stand between, or another element, are several', () => {
    const two = read(`By ${ref('Sakai (2007)', 3)} and also ${ref('Voorhees (2001)', 1)}.`);
    expect(two.citations).toHaveLength(2);
    const open = read(`${ref('[1', 0)} <hi>and</hi> ${ref('2]', 1)}`);
    expect(open.citations).toHaveLength(2);
  });

  it('that were a range in print are one, with the text of the range and that of its parts', () => {
    const dash = '1,515.10,673.94,4.09,8.98';
    const { citations } = read(
      `therapies${ref('[10]', 9, '1,502.82,673.94,12.28,8.98')}${ref('[11]', 10, dash)}${ref('[12]', 11, dash)}` +
        `${ref('[13]', 12, dash)}${ref('[14]', 13, '1,519.19,673.94,12.28,8.98')}.`,
    );
    expect(citations).toMatchObject([
      { text: '[10–14]', otherText: '[10][11][12][13][14]', references: [9, 10, 11, 12, 13] },
    ]);
  });

  it('that are set apart on the line are several, though nothing stands between them', () => {
    const { citations } = read(`${ref('[1]', 0, '1,100,50,10,9')}${ref('[2]', 1, '1,115,50,10,9')}`);
    expect(citations).toMatchObject([{ text: '[1]', otherText: null }, { text: '[2]' }]);
  });

  it('that point to no entry are counted; one that points to several has them all, once and ascending', () => {
    const { citations, unresolvedMarks } = read(
      `<ref type="bibr">[1]</ref> a ${ref('[99]', 99)} b <ref type="bibr" target="#b5 #b2 #b5">[2, 5]</ref>`,
    );
    expect(unresolvedMarks).toBe(2);
    expect(citations).toMatchObject([{ text: '[2, 5]', references: [2, 5] }]);
  });

  it('are found within captions and cells; pointers to figures are none', () => {
    const { citations } = read(`<figDesc>From ${ref('[1]', 0)}.</figDesc><ref type="figure" target="#fig_0">1</ref>`);
    expect(citations).toHaveLength(1);
  });
});
