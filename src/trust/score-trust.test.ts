import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  CLAIM_MAP_FORMAT,
  type ClaimMap,
  type ClaimMapClaim,
  HOW_TO_VERIFY,
  verifyClaimMap,
} from '../claims/claim-map.js';
import { overallOf, recountTrust, scoreTrust } from './score-trust.js';

const TEXT = 'Øl er godt. Roofs hold rain.\n';
const SHA256 = createHash('sha256').update(TEXT).digest('hex');

const claim = (id: string, sources: string[], verdict: ClaimMapClaim['verdict'] = 'SUPPORTED'): ClaimMapClaim => ({
  id,
  section: 'Rain',
  text: 'Roofs hold rain.',
  verdict,
  confidence: 0.75,
  receipts: sources.map((sourceId) => ({
    sourceId,
    snapshotId: 'snap',
    snapshotSha256: SHA256,
    snippetId: 'snip',
    quote: 'Roofs hold rain.',
    startOffset: 13, // bytes: Ø takes two
    endOffset: 29,
    page: null,
    stance: 'SUPPORTS',
    score: 1,
    verified: true,
  })),
});

const map = (claims: ClaimMapClaim[], more: Partial<ClaimMap> = {}): ClaimMap => ({
  format: CLAIM_MAP_FORMAT,
  abbreviations: [],
  question: 'Do roofs hold rain?',
  engine: { name: 'extractive@1', model: null },
  facets: [{ text: 'Do roofs hold rain', answered: true }],
  uncoveredTerms: [],
  sources: ['a', 'b', 'c'].map((id, index) => ({
    id,
    number: index + 1,
    title: id,
    authors: [],
    year: 2000,
    snapshotId: 'snap',
  })),
  snapshots: [
    {
      id: 'snap',
      sha256: SHA256,
      bytes: Buffer.byteLength(TEXT),
      mediaType: 'text/plain',
      originalSha256: null,
      extractor: null,
      text: TEXT,
    },
  ],
  claims,
  howToVerify: HOW_TO_VERIFY,
  ...more,
});

describe('scoreTrust', () => {
  it('says what it counted, so that anyone can count again', () => {
    const { components } = scoreTrust(
      map([claim('c1', ['a', 'b']), claim('c2', ['a']), claim('c3', ['c'], 'MIXED'), claim('c4', ['b'])]),
    );
    expect(Object.fromEntries(components.map(({ name, score, basis }) => [name, [score, basis]]))).toEqual({
      receipts: [1, '4 of 4 claim sentences carry a receipt that verifies'],
      agreement: [0.875, 'verdicts of 4 claims: 3 supported, 1 mixed, 0 refuted, 0 unsupported'],
      corroboration: [0.25, 'claims with 2 or more independent sources: 1 of 4'],
      sources: [0.75, '3 sources read, 3 cited; 4 cited count as enough'],
      coverage: [1, 'clauses of the question answered: 1 of 1'],
      engine: [1, 'engine: extractive@1, no model'],
    });
  });

  it('is the mean of its components by their weights', () => {
    expect(
      overallOf([
        { name: 'a', score: 1, weight: 3, basis: '' },
        { name: 'b', score: 0, weight: 1, basis: '' },
      ]),
    ).toBe(0.75);
    expect(overallOf([])).toBe(0);
    const trust = scoreTrust(map([claim('c1', ['a'])]));
    expect(trust.overall).toBe(overallOf(trust.components));
  });

  it('flags what a reader should know', () => {
    const codes = (input: ClaimMap) => scoreTrust(input).flags.map((flag) => flag.code);
    expect(codes(map([claim('c1', ['a'])]))).toEqual(['SINGLE_SOURCE']);
    expect(codes(map([claim('c1', ['a']), claim('c2', ['b'], 'REFUTED')]))).toEqual([
      'UNCORROBORATED',
      'SOURCES_DISAGREE',
    ]);
    expect(
      codes(map([claim('c1', ['a', 'b'])], { facets: [{ text: 'x', answered: false }], uncoveredTerms: ['bats'] })),
    ).toEqual(['UNANSWERED', 'NOT_IN_LIBRARY']);
  });

  it('does not divide by nothing', () => expect(scoreTrust(map([], { facets: [] })).overall).toBeLessThan(0.1));
});

describe('recountTrust', () => {
  it('comes to the same figures from an honest file', () => {
    const honest = map([claim('c1', ['a', 'b']), claim('c2', ['c'])]);
    expect(recountTrust(honest)).toEqual(scoreTrust(honest));
  });

  it.each([
    [
      'a quote that was changed',
      (altered: ClaimMapClaim) => ({
        ...altered,
        receipts: altered.receipts.map((receipt) => ({ ...receipt, quote: 'Roofs hold wine.' })),
      }),
    ],
    [
      'offsets that were moved',
      (altered: ClaimMapClaim) => ({
        ...altered,
        receipts: altered.receipts.map((receipt) => ({ ...receipt, startOffset: 12 })),
      }),
    ],
    [
      'offsets inside a character',
      (altered: ClaimMapClaim) => ({
        ...altered,
        receipts: altered.receipts.map((receipt) => ({ ...receipt, startOffset: 1, endOffset: 2 })),
      }),
    ],
    [
      'another hash',
      (altered: ClaimMapClaim) => ({
        ...altered,
        receipts: altered.receipts.map((receipt) => ({ ...receipt, snapshotSha256: '0'.repeat(64) })),
      }),
    ],
  ])('is not fooled by %s, whatever the file says of it', (_, alter) => {
    const forged = map([alter(claim('c1', ['a']))]);
    expect(verifyClaimMap(forged)[0]).toMatchObject({ verified: false });
    expect(recountTrust(forged).components[0]?.basis).toBe('0 of 1 claim sentences carry a receipt that verifies');
    expect(recountTrust(forged).flags.map((flag) => flag.code)).toContain('UNVERIFIED_CLAIMS');
  });

  it('cannot vouch for a snapshot whose text is not there, unless it is handed in', () => {
    const bare = map([claim('c1', ['a'])]);
    bare.snapshots = bare.snapshots.map((snapshot) => ({ ...snapshot, text: null }));
    expect(verifyClaimMap(bare)[0]).toMatchObject({
      verified: false,
      reason: 'the text of the snapshot is not at hand',
    });
    expect(verifyClaimMap(bare, () => TEXT)[0]).toMatchObject({ verified: true });
  });
});
