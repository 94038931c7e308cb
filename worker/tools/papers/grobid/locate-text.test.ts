import { describe, expect, it } from 'vitest';
import type { TextLine } from '../../../../src/papers/structured-paper.js';
import { createLocator } from './locate-text.js';

/** Lines of one column, a page each of `pages`; 12 points a line, 5 points a character. Paragraphs are single lines. */
function setInLines(pages: readonly (readonly string[])[]) {
  const lines: TextLine[] = [];
  const spans: { number: number; startOffset: number; endOffset: number }[] = [];
  let text = '';
  pages.forEach((texts, index) => {
    const startOffset = Buffer.byteLength(text);
    texts.forEach((line, row) => {
      const from = Buffer.byteLength(text);
      text += `${line}\n\n`;
      const box = { x: 72, y: 72 + 12 * row, width: 5 * line.length, height: 10 };
      lines.push({ startOffset: from, endOffset: from + Buffer.byteLength(line), page: index + 1, box });
    });
    spans.push({ number: index + 1, startOffset, endOffset: Buffer.byteLength(text) });
  });
  const slice = ({ startOffset, endOffset }: { startOffset: number; endOffset: number }) =>
    Buffer.from(text).subarray(startOffset, endOffset).toString();
  return { slice, lane: () => createLocator({ text, pages: spans }, lines).startLane() };
}

const boxAt = (page: number, row: number, x = 72, width = 50) => ({
  page,
  box: { x, y: 72 + 12 * row, width, height: 10 },
});

describe('locating a piece by its words', () => {
  it('ignores case, white space, hyphens, quotes, accents and ligatures', () => {
    const { slice, lane } = setInLines([['Größe: the “eﬃcient” self-attention of naïve models.']]);
    const { place, by } = lane()({ wordings: ['THE "effi- cient" selfattention of nai\u0308ve'] });
    expect(by).toBe('TEXT');
    expect(slice(place)).toBe('the “eﬃcient” self-attention of naïve');
    expect(place).toMatchObject({ page: 1, box: { y: 72, height: 10 } });
  });

  it('takes the next place after the piece before, and begins anew with another lane', () => {
    const { lane } = setInLines([['A model of rain.', 'A model of rain.', 'A model of rain.']]);
    const locate = lane();
    const rows = [1, 2, 3].map(() => locate({ wordings: ['model of rain'] }).place.box?.y);
    expect(rows).toEqual([72, 84, 96]);
    expect(locate({ wordings: ['model of rain'] }).place.box?.y).toBe(72);
  });

  it('finds no piece of a word, but a number that follows a word', () => {
    const { slice, lane } = setInLines([['Metadata tell 1234 of it, as others found12.', 'Data']]);
    expect(lane()({ wordings: ['Data'] }).place.box?.y).toBe(84);
    expect(lane()({ wordings: ['23'] }).by).toBe('NOTHING');
    const mark = lane()({ wordings: ['12'] });
    expect([slice(mark.place), mark.by]).toEqual(['12', 'TEXT']);
  });

  it('prefers a heading at the start of a line', () => {
    const { lane } = setInLines([['The results of this are many.', 'Results']]);
    expect(lane()({ wordings: ['Results'], startsLine: true }).place.box?.y).toBe(84);
    expect(lane()({ wordings: ['Results'] }).place.box?.y).toBe(72);
  });

  it('tries spellings in their order and says which one it was', () => {
    const { lane } = setInLines([['3 Method']]);
    expect(lane()({ wordings: ['III. Method', '3. Method', 'Method'] })).toMatchObject({ by: 'TEXT', wording: 1 });
  });

  it('finds a long piece of which some characters were read otherwise, from its beginning to its end', () => {
    const entry = 'Kingma D. and Ba J. (2015) Adam: a method for stochastic optimisation, pages 1–15, San Diego.';
    const { slice, lane } = setInLines([['Words before.', entry, 'Words behind.']]);
    const { place, by } = lane()({ wordings: [entry.replace('(2015)', '[2O15]')] });
    expect([slice(place), by]).toEqual([entry, 'ENDS']);
    const first = lane()({ wordings: [entry.replace('Kingma', 'Kinqma')] });
    expect([slice(first.place), first.by]).toEqual([entry, 'ENDS']);
  });

  it('does not take a beginning alone for a short piece', () => {
    const { lane } = setInLines([['A convolutional network']]);
    expect(lane()({ wordings: ['A convolutional neural net'] }).by).toBe('NOTHING');
  });
});

describe('locating a piece by its coordinates', () => {
  it('takes, of the same words on the page, those beside the coordinates', () => {
    const { lane } = setInLines([['Seen [3] there.'], ['First [3] here.', 'Again [3] here.', 'Still [3] here.']]);
    const { place, by } = lane()({ wordings: ['[3]'], boxes: [boxAt(2, 1, 102, 15)] });
    expect({ by, page: place.page, y: place.box?.y }).toEqual({ by: 'TEXT', page: 2, y: 84 });
  });

  it('takes no short piece that stands elsewhere on the page', () => {
    const { lane } = setInLines([['As 7 others.', 'Nothing.', 'Nothing.', 'Nothing at all.']]);
    expect(lane()({ wordings: ['7'], boxes: [boxAt(1, 3, 100, 5)] }).by).toBe('COORDINATES');
    expect(lane()({ wordings: ['7'], boxes: [boxAt(1, 0, 87, 5)] }).by).toBe('TEXT');
  });

  it('looks beyond the page for a piece whose words are many enough', () => {
    const { lane } = setInLines([['Nothing.'], ['Attention is all you need']]);
    const wordings = ['Attention is all you need'];
    expect(lane()({ wordings, boxes: [boxAt(1, 0)] })).toMatchObject({ by: 'TEXT', place: { page: 2 } });
    expect(lane()({ wordings: ['Attention'], boxes: [boxAt(1, 0)] }).by).toBe('COORDINATES');
  });

  it('takes the lines within the coordinates when enough of their words are the same', () => {
    const { slice, lane } = setInLines([
      ['Before.', '1. Kuhn T. Structure of revolutions.', 'Chicago, 1962.', 'After.'],
    ]);
    const boxes = [boxAt(1, 1, 82, 170), boxAt(1, 2, 72, 70)];
    const whole = '1. Kuhn T. Structure of revolutions.\n\nChicago, 1962.';
    const alike = lane()({ wordings: ['Thomas Kuhn. The structure of revolutions. 1962'], boxes });
    expect([alike.by, slice(alike.place)]).toEqual(['LINES', whole]);
    const unlike = { wordings: ['Imre Lakatos. Proofs and refutations. 1976'], boxes };
    expect(lane()(unlike).by).toBe('COORDINATES');
    const trusted = lane()({ ...unlike, trustsBoxes: true });
    expect([trusted.by, slice(trusted.place)]).toEqual(['LINES', whole]);
  });

  it('takes no lines far apart in the text, and none of which the coordinates hold a small part', () => {
    const { lane } = setInLines([['A first line of it.', 'What stands between them.', 'The last.']]);
    const boxes = [boxAt(1, 0), boxAt(1, 2)];
    expect(lane()({ wordings: ['x'], boxes, trustsBoxes: true }).by).toBe('COORDINATES');
    expect(lane()({ wordings: ['x'], boxes: [boxAt(1, 1, 72, 20)], trustsBoxes: true }).by).toBe('COORDINATES');
  });

  it('finds a piece by a part of it when all else fails', () => {
    const { slice, lane } = setInLines([['Seen in Table 7 of the report.']]);
    const { place, by, wording } = lane()({
      wordings: ['Table 7: Rain by month and year, in millimetres'],
      part: 'Table 7',
    });
    expect([by, wording, slice(place)]).toEqual(['PART', -1, 'Table 7']);
  });

  it('falls back to page and box, with the offset where that page begins and no length', () => {
    const { lane } = setInLines([['One.'], ['Two.']]);
    const { place, by } = lane()({ wordings: ['x = y²'], boxes: [boxAt(2, 4), boxAt(2, 5), boxAt(3, 0)] });
    expect(by).toBe('COORDINATES');
    expect(place).toEqual({ startOffset: 6, endOffset: 6, page: 2, box: { x: 72, y: 120, width: 50, height: 22 } });
  });

  it('gives no page when there are neither the words nor a page that exists', () => {
    const { lane } = setInLines([['One word.']]);
    const locate = lane();
    locate({ wordings: ['one'] });
    const nowhere = { startOffset: 3, endOffset: 3, page: null, box: null };
    expect(locate({ wordings: ['three'], boxes: [boxAt(9, 0)] })).toEqual({
      place: nowhere,
      by: 'NOTHING',
      wording: -1,
    });
    expect(locate({ wordings: ['', ' . '] }).place).toEqual(nowhere);
  });

  it('answers for a document without a word', () => {
    expect(setInLines([]).lane()({ wordings: ['word'], boxes: [boxAt(1, 0)] }).by).toBe('NOTHING');
  });
});
