import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifyReport } from './verify-report.js';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const TEXT = 'Über Ränge. Pooled judgments rank 7 systems reliably (Zobel 1998). The end.';
const QUOTE = 'Pooled judgments rank 7 systems reliably (Zobel 1998).';
const START = Buffer.byteLength('Über Ränge. ');

/** The files of a report of one sentence, each part of which a test may alter. */
function report(
  alter: { claim?: string; receipt?: object; snapshot?: object; markdown?: string; receipts?: object[] } = {},
) {
  const claim = alter.claim ?? QUOTE;
  const markdown = alter.markdown ?? `# T\n\n${claim} [1]\n`;
  const snapshot = { id: 's', sha256: sha256(TEXT), originalSha256: null, text: TEXT, ...alter.snapshot };
  const receipt = {
    snapshotId: 's',
    snapshotSha256: sha256(TEXT),
    quote: QUOTE,
    startOffset: START,
    endOffset: START + Buffer.byteLength(QUOTE),
    stance: 'SUPPORTS',
    verified: true,
    ...alter.receipt,
  };
  const sentence = { text: claim, startOffset: 5, endOffset: 5 + Buffer.byteLength(claim), claim: 'c' };
  const claims = [{ id: 'c', text: claim, receipts: alter.receipts ?? [receipt] }];
  return {
    'report.md': Buffer.from(markdown),
    'report.json': Buffer.from(JSON.stringify({ sections: [{ sentences: [sentence] }] })),
    'claims.json': Buffer.from(JSON.stringify({ snapshots: [snapshot], claims })),
  };
}

const documents = new Set([sha256(TEXT)]);

describe('verifyReport', () => {
  it('accepts a sentence whose quote stands in a snapshot of a document', () => {
    expect(verifyReport(report(), documents)).toEqual({
      claims: 1,
      verified: 1,
      quotes: 1,
      snapshots: 1,
      problems: [],
    });
  });

  it.each([
    ['an aside was dropped', 'Pooled judgments rank 7 systems reliably.'],
    ['the opening was dropped', 'Judgments rank 7 systems reliably (Zobel 1998).'],
    ['it is introduced by who says it', `Zobel (1998) reports: “${QUOTE}”`],
  ])('accepts a sentence when %s', (_what, claim) => {
    expect(verifyReport(report({ claim }), documents).problems).toEqual([]);
  });

  it.each([
    ['a number was changed', { claim: QUOTE.replace('7', '9') }],
    ['a word was dropped', { claim: QUOTE.replace('systems ', '') }],
    ['a word was added', { claim: QUOTE.replace('reliably', 'most reliably of all') }],
    ['the quote stands elsewhere', { receipt: { startOffset: START - 1 } }],
    ['the quote is another', { receipt: { quote: 'Pooled judgments rank 7 systems unreliably.' } }],
    ['the receipt speaks against it', { receipt: { stance: 'REFUTES' } }],
    ['the receipt names another text', { receipt: { snapshotSha256: sha256('other') } }],
    ['the snapshot was altered', { snapshot: { text: TEXT.replace('7', '9') } }],
    ['the snapshot was left out', { snapshot: { text: null } }],
    ['the snapshot was made from a file nobody gave', { snapshot: { originalSha256: sha256('another file') } }],
    ['there is no receipt', { receipts: [] }],
  ])('refuses a sentence when %s, though the server says it is verified', (_what, alter) => {
    const { claims, verified, problems } = verifyReport(report(alter), documents);
    expect({ claims, verified }).toEqual({ claims: 1, verified: 0 });
    expect(problems.at(-1)).toMatch(/^No receipt verifies: /);
  });

  it('notices that report.md says something else', () => {
    const { problems } = verifyReport(report({ markdown: `# T\n\n${QUOTE.replace('7', '9')} [1]\n` }), documents);
    expect(problems).toEqual([`report.md does not say at its place: ${QUOTE}`]);
  });
});
