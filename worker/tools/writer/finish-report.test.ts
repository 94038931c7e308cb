import { describe, expect, it } from 'vitest';
import { checkFacts } from './check-facts.js';
import { referenceLine } from './cite-source.js';
import { finishReport } from './finish-report.js';
import { planOutline } from './outline.js';
import { renderBibtex } from './references/render-bibtex.js';
import { chartReport } from './report-charts.js';
import { ROOF_QUESTION, roofLibrary } from './roof-library.fixture.js';
import { writeDraft } from './write-draft.js';

function finish(unread: NonNullable<ReturnType<typeof roofLibrary>['sources'][number]['unread']> = []) {
  const library = roofLibrary();
  const sources = library.sources.map((source, index) => (index === 1 ? { ...source, unread } : source));
  const draft = writeDraft(planOutline(ROOF_QUESTION, library.snippets), library.snippets);
  return finishReport(draft, checkFacts(draft, library), sources);
}

const limitsOf = (report: ReturnType<typeof finish>) =>
  report.sections
    .at(-1)
    ?.paragraphs.flat()
    .map((sentence) => (sentence.kind === 'PROSE' ? sentence.text : '')) ?? [];

describe('a finished report', () => {
  it('names both sides of a disagreement once, each with its quote', () => {
    const { contradictions, sections, claims } = finish();
    expect(contradictions).toHaveLength(1);
    const [{ one, other, claim } = { one: [], other: [], claim: '' }] = contradictions;
    expect([...one, ...other].map(({ quote }) => /\d+%/u.exec(quote)?.[0]).sort()).toEqual(['41%', '56%']);
    expect(claims.find(({ key }) => key === claim)?.verdict).toBe('MIXED');
    expect(sections.map(({ role }) => role).slice(-2)).toEqual(['CONTRADICTIONS', 'LIMITS']);
  });

  it('says among its limits what of the cited sources could not be read, and on which pages', () => {
    const limits = limitsOf(
      finish([
        { code: 'SCANNED_PAGE', pages: [3, 4] },
        { code: 'TABLE_WITHOUT_CELLS', pages: [7] },
      ]),
    );
    expect(limits).toContain(
      'Some of what is cited could not be read with certainty, and evidence may be missing for it: pages that are images without text, in [3] (pages 3 and 4); tables whose cells could not be told apart, in [3] (page 7).',
    );
    expect(limits.at(-1)).toMatch(/^The report quotes and arranges/u);
  });

  it('says first which sources were retracted or are known by their abstract alone, and marks them in the list', () => {
    const library = roofLibrary();
    const notice = { type: 'correction', doi: null, date: null, source: null };
    const standings = [
      { retracted: true, notices: [], abstractOnly: false },
      { retracted: false, notices: [notice], abstractOnly: true },
    ];
    const sources = library.sources.map((source, index) => ({
      ...source,
      ...(standings[index] && { standing: standings[index] }),
    }));
    const draft = writeDraft(planOutline(ROOF_QUESTION, library.snippets), library.snippets);
    const report = finishReport(draft, checkFacts(draft, library), sources);
    expect(limitsOf(report).slice(0, 3)).toEqual([
      'Retracted since it was published: [1]; what is quoted from there cannot be relied on.',
      'A notice of its publisher, such as a correction, is known for [3].',
      'Only the abstract was at hand of [3].',
    ]);
    expect(report.sources.map(referenceLine).filter((line) => line.endsWith('Retracted.'))).toEqual([
      'Moss. What a green roof is. 2011. Retracted.',
    ]);
    expect(renderBibtex(report).match(/Retracted\. Snapshot/gu)).toHaveLength(1);
  });

  it('says nothing of the kind where all could be read', () => {
    expect(limitsOf(finish()).join(' ')).not.toContain('could not be read');
  });
});

describe('the charts of a report', () => {
  it('count decades where years are many, and sources without a year', () => {
    const { sections, claims, sources } = finish();
    const [first] = sources;
    const many = Array.from({ length: 14 }, (_, index) => ({ ...(first ?? sources[0]), year: 1999 + index }));
    const charts = chartReport({ sections, claims, sources: [...many, { ...first, year: null }] as typeof sources });
    expect(charts[0]?.bars).toEqual([
      { label: '1990s', value: 1 },
      { label: '2000s', value: 10 },
      { label: '2010s', value: 3 },
      { label: 'undated', value: 1 },
    ]);
  });

  it('are left out where there is nothing to compare', () => {
    const { sections, claims, sources } = finish();
    expect(chartReport({ sections: sections.slice(0, 1), claims, sources: sources.slice(0, 1) })).toEqual([]);
  });
});
