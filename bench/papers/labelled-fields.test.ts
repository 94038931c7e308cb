import { describe, expect, it } from 'vitest';
import type { StructuredPaper } from '../../src/papers/structured-paper.js';
import { addScores, type PaperLabels, readLabels, scoreLabels } from './labelled-fields.js';

const LABELS = new URL('./labels/', import.meta.url);

const place = { startOffset: 0, endOffset: 1, page: 3, box: null };

const paper: StructuredPaper = {
  engine: 'test@1',
  title: null,
  authors: [],
  abstract: null,
  year: null,
  doi: null,
  arxivId: null,
  keywords: [],
  pages: [],
  places: { title: null, abstract: null },
  sections: [{ ...place, heading: '3 Results', level: 1, role: 'METHOD', text: '' }],
  equations: [{ ...place, number: '2', text: 'a = b' }],
  tables: [
    {
      ...place,
      label: 'Table 1',
      caption: null,
      rows: [
        ['Model', 'BLEU'],
        ['Ours', '28.4'],
      ],
    },
  ],
  figures: [],
  references: [],
  citations: [],
  datasets: [{ ...place, name: 'WMT 2014 English-German', sentence: '' }],
  metrics: [
    { ...place, name: 'BLEU', value: 28.4, unit: null, raw: '28.4', sentence: '' },
    { ...place, name: 'BLEU', value: 9, unit: null, raw: '9', sentence: '' },
  ],
  claims: [],
  confidence: [],
  uncertainties: [],
};

const labels: PaperLabels = {
  file: 'one.pdf',
  split: 'held-out',
  complete: true,
  roles: [
    { heading: 'Results', role: 'EVALUATION' },
    { heading: 'Discussion', role: 'DISCUSSION' },
  ],
  datasets: [
    { name: 'WMT 2014 English-German', also: [] },
    { name: 'Penn Treebank', also: ['WSJ'] },
  ],
  metrics: [
    { name: 'BLEU score', also: [], value: 28.4, unit: null, page: 3 },
    { name: 'BLEU score', also: [], value: 28.4, unit: null, page: 4 },
  ],
  equations: [{ number: '2', page: 3, snippet: 'a' }],
  tables: [{ label: 'Table 1', page: 3, rows: 1, columns: 2, cells: [{ row: 'Ours', column: 1, text: '28.4' }] }],
};

describe('scoreLabels', () => {
  it('counts what was found, what was given and what is labelled', () => {
    expect(scoreLabels(paper, labels)).toEqual({
      roles: { hits: 0, given: 1, wanted: 2 },
      datasets: { hits: 1, given: 1, wanted: 2 },
      metrics: { hits: 1, given: 2, wanted: 2 },
      equations: { hits: 1, given: 1, wanted: 1 },
      tables: { hits: 1, given: 1, wanted: 1 },
      cells: { hits: 1, given: null, wanted: 1 },
    });
  });

  it('leaves the precision of values open where not every value is labelled', () => {
    const score = scoreLabels(paper, { ...labels, complete: false });
    expect(score.metrics).toEqual({ hits: 1, given: null, wanted: 2 });
    expect(addScores([score]).metrics).toEqual({
      precision: { hits: 0, given: 0, wanted: 0 },
      recall: { hits: 1, given: 0, wanted: 2 },
    });
  });
});

describe('the labels that ship', () => {
  it('are well formed, and there are at least ten papers, some of them held out', async () => {
    const all = await readLabels(LABELS);
    expect(all.length).toBeGreaterThanOrEqual(10);
    expect(all.some(({ split }) => split === 'held-out')).toBe(true);
  });
});
