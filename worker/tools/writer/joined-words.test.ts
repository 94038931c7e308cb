import { expect, it } from 'vitest';
import type { EvidenceSnippet } from './evidence-snippet.js';
import { readAsSpelt } from './joined-words.js';
import { readCandidates } from './read-candidates.js';

const snippet = (text: string): EvidenceSnippet => ({
  snippetId: 'snippet',
  sourceId: 'source',
  sourceTitle: 'Notes',
  sourceAuthors: [],
  sourceYear: null,
  snapshotId: 'snapshot',
  snapshotSha256: 'a'.repeat(64),
  text,
  startOffset: 0,
  endOffset: Buffer.byteLength(text),
  page: null,
  pageStarts: [],
  heading: null,
  score: 1,
});
const spokenOf = (question: string, sentence: string) =>
  readAsSpelt(question, readCandidates([snippet(sentence)]).candidates)[0]?.spoken;

it.each([
  [
    'How good is health care in villages?',
    'The quality of healthcare is defined by what people expect of it.',
    'health',
  ],
  [
    'How good is healthcare in villages?',
    'The quality of health care is defined by what people expect of it.',
    'healthcar',
  ],
])('“%s” is spoken of in “%s”', (question, sentence, stem) => expect(spokenOf(question, sentence)).toContain(stem));

it('takes a name for no other word of its stem', () => {
  const asked = 'Why is the Transformer fast?';
  expect(spokenOf(asked, 'A Lorentz transformation gives the components of a vector in another system.')).not.toContain(
    'transform',
  );
  expect(spokenOf(asked, 'The speed of the Transformer comes from attention without any recurrence.')).toContain(
    'transform',
  );
  expect(spokenOf(asked, 'Stacked layers of a transformer can attend to information beyond the window.')).toContain(
    'transform',
  );
});

it('takes a short name for the name it stands for', () => {
  const text =
    'Atlantic Sharpnose Sharks Rhizoprionodon terraenovae live long. The oldest R. terraenovae of the study was nineteen years old.';
  const candidates = readCandidates([snippet(text)]).candidates;
  const told = readAsSpelt('How long do Atlantic sharks live?', candidates).find((each) =>
    each.text.includes('oldest'),
  );
  expect(told?.spoken).toContain('atlant');
});
