import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtinEngine } from './read-paper.js';

const read = async (text: string, fileName: string) => {
  const bytes = Buffer.from(text);
  const { paper, document } = await builtinEngine.read({ bytes, fileName, signal: new AbortController().signal });
  return { ...paper, text: document.text };
};

const MARKDOWN = `# A study of wolves

## Abstract

We find that wolves are significantly more attentive than dogs (p < 0.001) in all of our tests.

## Results

Accuracy reached 95.2 % on the LupusBench dataset. It has been shown that dogs follow (Smith et al., 2010).

Table 1: Scores.

| Model | F1 |
| --- | --- |
| Ours | 0.87 |

## References

Smith, A. (2010). We find that mortality was significantly lower by 12 % in wolves. Journal of Wolves.
`;

describe('the contents of a paper', () => {
  it('are read from a source without pages, each with its bytes', async () => {
    const paper = await read(MARKDOWN, 'wolves.md');
    expect(paper.datasets.map(({ name }) => name)).toEqual(['LupusBench']);
    expect(paper.metrics.map(({ name, value, unit }) => [name, value, unit])).toEqual([
      ['p', 0.001, null],
      ['Accuracy', 95.2, '%'],
      ['F1', 0.87, null],
    ]);
    expect(paper.tables).toMatchObject([{ label: 'Table 1', caption: 'Scores.' }]);
    const bytes = Buffer.from(paper.text);
    for (const { startOffset, endOffset, raw } of paper.metrics) {
      expect(bytes.toString('utf8', startOffset, endOffset)).toBe(raw);
    }
    for (const { startOffset, endOffset, text } of paper.claims) {
      expect(bytes.toString('utf8', startOffset, endOffset)).toBe(text);
    }
  });

  it('assert nothing that stands in the references, and what they assert first is the finding', async () => {
    const { claims } = await read(MARKDOWN, 'wolves.md');
    expect(claims[0]?.text).toContain('wolves are significantly more attentive');
    expect(claims.some(({ text }) => text.includes('mortality'))).toBe(false);
  });

  it('say how sure they are, and on what that rests', async () => {
    const { confidence } = await read(MARKDOWN, 'wolves.md');
    const fields = confidence.map(({ field }) => field);
    expect(fields).toEqual(expect.arrayContaining(['tables', 'figures', 'equations', 'datasets', 'metrics', 'claims']));
    for (const { score, basis } of confidence) {
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
      expect(basis).not.toBe('');
    }
  });
});

const papers = resolve(process.env.PAPERWRIGHT_DATA ?? '../shared/data', 'papers/pdf');

describe.skipIf(!existsSync(papers))(
  'the contents of real papers (skipped where they are not at hand: set PAPERWRIGHT_DATA)',
  () => {
    it('have a claim in every paper, verbatim and located; every value, dataset and table stands on a page', async () => {
      const every = (await readdir(papers)).sort().filter((_, index) => index % 4 === 0); // the bench reads all
      for (const name of every) {
        const bytes = await readFile(join(papers, name));
        const signal = new AbortController().signal;
        const { paper, document } = await builtinEngine.read({ bytes, fileName: name, signal });
        const text = Buffer.from(document.text);
        expect(paper.claims.length, name).toBeGreaterThan(0);
        for (const claim of paper.claims) {
          expect(text.toString('utf8', claim.startOffset, claim.endOffset), name).toBe(claim.text);
          expect(claim.page, name).not.toBeNull();
          expect(claim.box, name).not.toBeNull();
        }
        for (const located of [...paper.metrics, ...paper.datasets, ...paper.tables, ...paper.equations]) {
          expect(located.page, name).toBeGreaterThan(0);
          expect(located.box, name).not.toBeNull();
        }
        for (const { rows } of paper.tables) {
          expect(new Set(rows.map((row) => row.length)).size, name).toBeLessThanOrEqual(1);
        }
      }
    }, 120_000);
  },
);
