import { expect, it } from 'vitest';
import { checkFacts } from '../../writer/check-facts.js';
import { planOutline } from '../../writer/outline.js';
import { ROOF_QUESTION, roofLibrary } from '../../writer/roof-library.fixture.js';
import { writeDraft } from '../../writer/write-draft.js';
import { checkDissent, dissentQuestion } from './find-dissent.js';

const library = roofLibrary();
const draft = writeDraft(planOutline(ROOF_QUESTION, library.snippets), library.snippets);
const check = checkFacts(draft, library);
const { passages } = dissentQuestion(draft, library.snippets).data;
const claim = draft.claims.find(({ text }) => text.startsWith('Green roofs retain rainwater in the growing medium'));
const winter = passages.find(({ quote }) => quote.startsWith('In winter the green roofs retained little'));
if (!claim || !winter) throw new Error('the library has changed');
const judge = (changes: Partial<{ claim: string; passage: string; quote: string }>) =>
  checkDissent(draft, check, { contradictions: [{ claim: claim.key, ...winter, ...changes }] }, library.snippets);

it('tells a contradiction whose words stand in a passage of another source', () => {
  expect(judge({}).map(({ quote, source }) => [quote, source])).toEqual([
    [winter.quote, 'Runoff from planted roofs: a field study'],
  ]);
});

it('tells no contradiction of words that do not stand there, of an unknown claim or passage', () => {
  expect(judge({ quote: 'In winter green roofs retain nothing.' })).toEqual([]);
  expect(judge({ claim: 'c999' })).toEqual([]);
  expect(judge({ passage: 'ffffffffffff' })).toEqual([]);
});

it('tells none of the claim’s own source, nor of another subject', () => {
  const own = passages.find(({ quote }) => quote === claim.receipts[0]?.quote);
  expect(judge({ ...own })).toEqual([]);
  const other = passages.find(({ quote }) => quote.startsWith('An extensive green roof costs'));
  expect(judge({ ...(other ?? { passage: 'none' }) })).toEqual([]);
});
