import { describe, expect, it } from 'vitest';
import { planOutline } from '../../writer/outline.js';
import { ROOF_QUESTION, roofLibrary } from '../../writer/roof-library.fixture.js';
import { checkChoice, type SentenceChoice, sentenceQuestion } from './choose-sentences.js';

const { snippets } = roofLibrary();
const outline = planOutline(ROOF_QUESTION, snippets);
const asked = sentenceQuestion(outline, snippets).data.sections;
const section = asked.find(({ sentences }) => sentences.length >= 4);
if (!section) throw new Error('the library has changed');
const [first, second] = section.sentences;
if (!first || !second) throw new Error('the library has changed');

type Choice = SentenceChoice['sections'][number]['sentences'][number];

/** Two sentences that hold, so that the section is taken, and the one in question. */
const check = (...more: Choice[]) => {
  const whole = [first, second].map(({ passage, quote }) => ({ passage, quote, text: 'Reworded beyond recognition.' }));
  return checkChoice(outline, { sections: [{ heading: section.heading, sentences: [...whole, ...more] }] }, snippets);
};
const faithful = asked
  .flatMap(({ heading, sentences }) => sentences.map((sentence) => ({ heading, ...sentence })))
  .filter(({ quote }) => /^[A-Z][^“”()[\]]*\.$/u.test(quote) && !/\b(?:we|our)\b/iu.test(quote));

describe('a choice of sentences', () => {
  it('prints a rephrased sentence as the source has it', () => {
    const checked = check();
    expect(checked?.counts).toEqual({ worded: 0, quoted: 2, dropped: 0 });
    expect(checked?.wording.size).toBe(0);
    expect(checked?.outline.sections.find(({ heading }) => heading === section.heading)?.evidence).toHaveLength(2);
  });

  it('drops what stands in no passage, in another passage, or under another heading', () => {
    const elsewhere = faithful.find(({ heading }) => heading !== section.heading);
    const dropped: Choice[] = [
      { passage: first.passage, quote: 'Green roofs cure cancer in mice.', text: 'Green roofs cure cancer in mice.' },
      { passage: 'p999', quote: first.quote, text: first.quote },
      ...(elsewhere ? [{ passage: elsewhere.passage, quote: elsewhere.quote, text: elsewhere.quote }] : []),
    ];
    expect(check(...dropped)?.counts).toEqual({ worded: 0, quoted: 2, dropped: dropped.length });
  });

  it('is nothing when it leaves no section two sentences', () => {
    const one = { passage: first.passage, quote: first.quote, text: first.quote };
    expect(checkChoice(outline, { sections: [{ heading: section.heading, sentences: [one] }] }, snippets)).toBeNull();
    expect(checkChoice(outline, { sections: [] }, snippets)).toBeNull();
  });

  const worded = (change: (quote: string) => string) =>
    faithful.map(({ heading, passage, quote }) => {
      const filler =
        asked.find((each) => each.heading === heading)?.sentences.filter((each) => each.quote !== quote) ?? [];
      const sentences = [...filler.map((each) => ({ ...each, text: 'x' })), { passage, quote, text: change(quote) }];
      return checkChoice(outline, { sections: [{ heading, sentences }] }, snippets)?.wording.size ?? 0;
    });

  it('takes the wording that is the quote’s', () => {
    const taken = worded((quote) => ` ${quote} `);
    expect(taken.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(3);
  });

  it.each<[string, (quote: string) => string]>([
    ['a negation more', (quote) => quote.replace(/\b(?:is|are|has|lower|retain|lasts|protect|do)\b/u, '$& not')],
    ['a word more', (quote) => quote.replace(/\.$/u, ' today.')],
    ['a word less', (quote) => quote.replace(/ \w+\.$/u, '.')],
    ['a question', (quote) => quote.replace(/\.$/u, '?')],
    ['an exclamation', (quote) => quote.replace(/\.$/u, '!')],
    ['markup', (quote) => `${quote.slice(0, -1)} <b></b>.`],
    ['quotation marks', (quote) => quote.replace(/\b(\w+)\.$/u, '“$1”.')],
  ])('takes none with %s', (_, change) => {
    const changed = (quote: string) => (change(quote) === quote ? 'Nothing of it.' : change(quote));
    expect(worded(changed)).toEqual(faithful.map(() => 0));
  });
});
