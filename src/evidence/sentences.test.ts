import { describe, expect, it } from 'vitest';
import { splitSentences } from './sentences.js';

const texts = (text: string) => splitSentences(text).map((sentence) => sentence.text);

describe('splitSentences', () => {
  it.each([
    ['plain sentences', ['We pool the top results.', 'Judges read them.', 'Does it hold?', 'Yes!']],
    ['et al. before a citation', ['Smith et al. (2009) fuse ranks.', 'It was shown by Cormack et al. [3] and others.']],
    ['et al. before a verb or a name', ['Jones et al. showed a gain.', 'Following Lee et al. Nature 2010, we test.']],
    ['et al. ending a sentence', ['The method is due to Lee et al.', 'We extend it.']],
    ['Latin', ['Use a ranker, e.g. BM25, i.e. a bag of words.', 'Compare precision vs. Recall at ten, cf. Table 2.']],
    ['figures and equations', ['As Fig. 3 and Eqs. (2) show, it grows.', 'See Sect. 4 and Ref. [12].']],
    ['numbers of things', ['It is No. 5 of vol. 3, pp. 10-12.', 'The answer was no.', 'We stopped.']],
    ['titles and initials', ['Dr. J. R. Smith met Prof. A.-M. Lee and D.E. Knuth.', 'They spoke.']],
    [
      'U.S. inside and at the end',
      ['The U.S. Department funds it.', 'They moved to the U.S. in May.', 'It grew in the U.S.', 'The rest fell.'],
    ],
    ['decimals and p-values', ['The mean was 0.4235 (p < .05).', '12 of 40 improved by 3.5%.', 'BM25 scored .42.']],
    ['citations after the stop', ['It works.[3]', 'It fails. [4, 5]', 'It holds.12,13', 'Then it ended.']],
    ['stops inside brackets', ['They agreed (see Fig. 2. A is left) on all.', 'Next.']],
    ['an unclosed bracket', ['They agreed (in part.', 'Next came the rest.']],
    ['quotes', ['He said "it is done." Then he left.', '“Stop!” she said.']],
    [
      'vitamins and letters that end a sentence',
      ['Group A took vitamin C.', 'The others did not.', 'It is plan B.', 'However, it failed.'],
    ],
    ['etc.', ['We parse PDF, HTML, etc. with care.', 'We use words, stems, etc.', 'The rest is dropped.']],
    ['versions and names with dots', ['Use Node.js 20.19.', 'See example.org for more.', 'Version 2.0.1 is out.']],
    ['ellipses and double marks', ['It went on...', 'Then it stopped?!', 'So be it.']],
    [
      'abbreviated months only before numbers',
      ['On Dec. 5 we met.', 'They marched in Mar. 2020.', 'It left a mar.', 'It hurt.'],
    ],
    ['CJK', ['これは文です。', '次の文です。']],
  ])('handles %s', (name, expected) => {
    const joined = expected.join(expected[0]?.endsWith('。') ? '' : ' ');
    expect(texts(joined)).toEqual(
      name === 'quotes' ? ['He said "it is done."', 'Then he left.', '“Stop!” she said.'] : expected,
    );
  });

  it('does not split after the number of a heading', () => {
    expect(texts('1. Introduction')).toEqual(['1. Introduction']);
    expect(texts('2.3. Results of the trial')).toEqual(['2.3. Results of the trial']);
  });

  it('lets headings, list items and table rows stand alone and says which they are', () => {
    const text =
      '# Title\nProse runs on\nover lines. And on.\n- first item\n- second item. With two.\n\n| a | b |\n| 1 | 2 |\n';
    expect(splitSentences(text).map(({ kind, text }) => [kind, text])).toEqual([
      ['HEADING', '# Title'],
      ['SENTENCE', 'Prose runs on\nover lines.'],
      ['SENTENCE', 'And on.'],
      ['LIST_ITEM', '- first item'],
      ['LIST_ITEM', '- second item.'],
      ['LIST_ITEM', 'With two.'],
      ['TABLE_ROW', '| a | b |'],
      ['TABLE_ROW', '| 1 | 2 |'],
    ]);
  });

  it('gives byte offsets whose slice is the sentence, whatever the script', () => {
    const text = 'Schrödinger’s équation — “naïve”. 東京は首都です。 Emoji 🙂 stay. Done.\n\nA second ¶ here.';
    const bytes = Buffer.from(text);
    const sentences = splitSentences(text, 100);
    expect(sentences).toHaveLength(5);
    for (const { text: sentence, startOffset, endOffset } of sentences) {
      expect(bytes.toString('utf8', startOffset - 100, endOffset - 100)).toBe(sentence);
    }
  });

  it('loses no text but white space', () => {
    const text = 'One. Two (x. y) three! [4] "Five." six; seven\n\n8. Nine.\n* ten';
    expect(texts(text).join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
  });

  it('survives empty, blank, binary and endless text', () => {
    expect(texts('')).toEqual([]);
    expect(texts(' \n\n \t')).toEqual([]);
    expect(texts('\u0000\u0001.\u0002')).toHaveLength(1);
    expect(texts('('.repeat(20_000)).length).toBe(1);
    expect(texts('a. '.repeat(20_000)).length).toBeGreaterThan(0);
  });
});
