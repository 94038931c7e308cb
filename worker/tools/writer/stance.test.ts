import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgeStance, readAssertion } from './stance.js';

const judge = (claim: string, evidence: string) => judgeStance(readAssertion(claim), readAssertion(evidence)).stance;

describe('judgeStance', () => {
  const claim = 'Steep green roofs hold less rainwater than flat green roofs in winter.';
  it.each([
    ['SUPPORTS', claim, 'In winter steep green roofs hold less rainwater than flat green roofs do.'],
    ['REFUTES', claim, 'Steep green roofs hold more rainwater than flat green roofs in winter.'],
    ['REFUTES', claim, 'Steep green roofs do not hold less rainwater than flat green roofs in winter.'],
    [
      'REFUTES',
      'The medium retained 56% of the yearly rainfall at Malmø.',
      'The medium retained 41% of the yearly rainfall at Malmø.',
    ],
    [
      'NEUTRAL',
      'The medium retained 56% of the yearly rainfall at Malmø.',
      'The medium retained 56 mm of the rainfall in a year near Malmø harbour.',
    ],
    ['NEUTRAL', claim, 'Green roofs support many insects when several plant species grow on them.'],
    ['NEUTRAL', 'Roofs hold rain.', 'Roofs hold no rain.'], // too short to be sure that they speak of the same thing
  ])('%s: “%s” by “%s”', (stance, first, second) => expect(judge(first, second)).toBe(stance));

  it('is not turned by a year that differs', () => {
    expect(
      judge(
        'The survey of 1998 counted many beetle species on green roofs.',
        'The survey of 2004 counted many beetle species on green roofs.',
      ),
    ).not.toBe('REFUTES');
  });
});

/** Citing sentences with the passages they cite, labelled by people; see the README of the folder. */
const folder = path.join(process.env.PAPERWRIGHT_DATA ?? path.resolve('../shared/data'), 'claims');
const read = <T>(file: string): T[] =>
  readFileSync(path.join(folder, file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

describe.skipIf(!existsSync(folder))(
  'on real citations (set PAPERWRIGHT_DATA to a folder with claims/ to run it)',
  () => {
    it('seldom speaks up, and is right when it says SUPPORTS', () => {
      const passages = new Map(
        read<{ doc_id: number; abstract: string[] }>('corpus.jsonl').map((row) => [row.doc_id, row.abstract]),
      );
      const claims = ['claims_train.jsonl', 'claims_dev.jsonl'].flatMap((file) =>
        read<{ claim: string; cited_doc_ids: number[]; evidence: Record<string, { label: string }[]> }>(file),
      );
      const supported = claims.filter((row) => {
        const claim = readAssertion(row.claim.replace(/\[?<\|.*?\|>\]?/gu, ''));
        const sentences = row.cited_doc_ids.flatMap((id) => passages.get(id) ?? []);
        return sentences.some((sentence) => judgeStance(claim, readAssertion(sentence)).stance === 'SUPPORTS');
      });
      const right = supported.filter((row) =>
        Object.values(row.evidence)
          .flat()
          .some(({ label }) => label === 'SUPPORT'),
      );
      expect(supported.length).toBeGreaterThan(20);
      expect(right.length / supported.length).toBeGreaterThan(0.85); // 0.66 of all claims are labelled SUPPORT
    });
  },
);
