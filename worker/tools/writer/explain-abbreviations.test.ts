import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifyClaimMap } from '../../../src/claims/claim-map.js';
import { checkFacts } from './check-facts.js';
import type { Draft } from './draft-shape.js';
import type { EvidenceSnippet } from './evidence-snippet.js';
import { findMissingExplanations } from './explain-abbreviations.js';
import { finishReport } from './finish-report.js';
import { planOutline } from './outline.js';
import { renderClaimMap } from './render-claims.js';
import { renderHtml } from './render-html.js';
import { renderMarkdown } from './render-markdown.js';
import { validateDraft } from './validate-draft.js';
import { writeDraft } from './write-draft.js';

const QUESTION = 'How does sliding window attention reduce the cost of inference?';
const TEXT = `Naïve decoding is slow. The model uses sliding window\nattention (SWA) and key-value caching (KVC) in every layer. SWA reduces the cost of inference because each token attends to a fixed number of tokens. The cost of inference with SWA grows linearly with the length of the sequence, and no longer with its square. Long sequences benefit most when SWA bounds the memory that attention takes at inference. The LRU policy evicts keys that attention has not used during inference for a while.`;
const sha256 = createHash('sha256').update(TEXT).digest('hex');
const snippet: EvidenceSnippet = {
  snippetId: 'snippet',
  sourceId: 'source',
  sourceTitle: 'Cheap decoding',
  sourceAuthors: ['Ada Moss'],
  sourceYear: 2024,
  snapshotId: 'snapshot',
  snapshotSha256: sha256,
  text: TEXT,
  startOffset: 0,
  endOffset: Buffer.byteLength(TEXT),
  page: 3,
  pageStarts: [],
  heading: null,
  score: 1,
};
const { sourceId, snapshotId } = snippet;
const sources = [
  { sourceId, snapshotId, snapshotSha256: sha256, title: 'Cheap decoding', authors: ['Ada Moss'], year: 2024 },
];
const evidence = { sources, snippets: [snippet], snapshots: new Map([[snapshotId, Buffer.from(TEXT)]]) };
const draft = writeDraft(planOutline(QUESTION, [snippet]), [snippet]);

describe('the abbreviations of a report', () => {
  it('stand with the place where their source explains them; one it does not explain is not guessed', () => {
    expect(draft.abbreviations.map(({ short, long }) => [short, long])).toEqual([['SWA', 'sliding window attention']]);
    const receipt = draft.abbreviations[0]?.receipt;
    expect(receipt).toMatchObject({ quote: 'sliding window\nattention (SWA)', page: 3 });
    expect(Buffer.from(TEXT).subarray(receipt?.startOffset, receipt?.endOffset).toString()).toBe(receipt?.quote);
    expect(validateDraft(draft, [snippet])).toEqual([]);
  });

  it('are in the files, and can be verified without the server', () => {
    const check = checkFacts(draft, evidence);
    expect(check.failures).toEqual([]);
    const report = finishReport(draft, check, sources);
    expect(renderMarkdown(report).markdown).toContain('\n## Abbreviations\n\n- SWA: sliding window attention [1]\n');
    expect(renderHtml(report, { overall: 1, components: [], flags: [] })).toContain('<dt>SWA</dt>');
    const snapshot = {
      id: snapshotId,
      sha256,
      bytes: 0,
      mediaType: 'text/plain',
      originalSha256: null,
      extractor: null,
    };
    const map = renderClaimMap(report, sources, [{ ...snapshot, text: TEXT }]);
    expect(verifyClaimMap(map)).toContainEqual({ claimId: 'SWA', receipt: 0, verified: true, reason: '' });
  });

  it.each<[string, (draft: Draft) => Draft]>([
    ['a meaning its quote has not', (d) => withFirst(d, { long: 'slow water attention' })],
    ['a quote that does not stand there', (d) => moved(d, 1)],
  ])('fail the factcheck with %s', (_, alter) => {
    expect(checkFacts(alter(draft), evidence).failures).toHaveLength(1);
  });

  it('fail the validation when their source is not cited', () => {
    const receipt = draft.abbreviations[0]?.receipt;
    if (!receipt) throw new Error('There is none.');
    const other = { ...snippet, snippetId: 'other', sourceId: 'other', snapshotId: 'other' };
    const alien = { ...receipt, snippetId: 'other', sourceId: 'other', snapshotId: 'other' };
    expect(validateDraft(withFirst(draft, { receipt: alien }), [snippet, other]).map(({ code }) => code)).toEqual([
      'BAD_CITATION',
    ]);
  });
});

it('finds where the whole source explains what its passages only use', () => {
  const whole =
    'Ünser landscape ethnoecological knowledge (LEEK) is old. The mean average precision (MAP) is not. LEEK and MAP.';
  const places = findMissingExplanations(whole, [
    'LEEK was known, and mean average precision (MAP) was.',
    'MAP and XYZ too.',
  ]);
  expect(
    places.map(({ startOffset, endOffset }) => Buffer.from(whole).subarray(startOffset, endOffset).toString()),
  ).toEqual(['landscape ethnoecological knowledge (LEEK)']);
});

const withFirst = (whole: Draft, change: Partial<Draft['abbreviations'][number]>): Draft => ({
  ...whole,
  abbreviations: whole.abbreviations.map((abbreviation) => ({ ...abbreviation, ...change })),
});
const moved = (whole: Draft, by: number): Draft => ({
  ...whole,
  abbreviations: whole.abbreviations.map((abbreviation) => ({
    ...abbreviation,
    receipt: {
      ...abbreviation.receipt,
      startOffset: abbreviation.receipt.startOffset + by,
      endOffset: abbreviation.receipt.endOffset + by,
    },
  })),
});
