/**
 * One paper out of two readings of the same pages. GROBID's comes first; what it left empty is filled from the other
 * reading, as are datasets, metrics and claims, which GROBID does not look for. References and citations come from one
 * reading together, since citations point into the list.
 */
import type { PaperField, StructuredPaper } from '../../../../src/papers/structured-paper.js';
import { assess, type FieldSource, isEmpty } from './assess-paper.js';
import type { PlacedPaper } from './place-paper.js';
import type { TeiPaper } from './tei-paper.js';

export function mergePapers(tei: TeiPaper, placed: PlacedPaper, base: StructuredPaper): StructuredPaper {
  const own = { ...placed.fields, year: tei.year, doi: tei.doi, arxivId: tei.arxivId, keywords: tei.keywords };
  const sources = new Map<PaperField, FieldSource>();
  const choose = <Field extends PaperField & keyof typeof own>(
    field: Field,
    decisive: PaperField & keyof typeof own = field,
  ) => {
    const source = isEmpty(own[decisive]) && !isEmpty(base[decisive]) ? 'BASE' : 'GROBID';
    sources.set(field, source);
    return { [field]: (source === 'BASE' ? base : own)[field] } as Pick<typeof own, Field>;
  };
  for (const field of ['datasets', 'metrics', 'claims'] as const) sources.set(field, 'BASE');

  const fields = {
    ...choose('title'),
    ...choose('authors'),
    ...choose('abstract'),
    ...choose('year'),
    ...choose('doi'),
    ...choose('arxivId'),
    keywords: isEmpty(own.keywords) ? base.keywords : own.keywords,
    ...choose('sections'),
    ...choose('references'),
    ...choose('citations', 'references'),
    ...choose('tables'),
    ...choose('figures'),
    ...choose('equations'),
    datasets: base.datasets,
    metrics: base.metrics,
    claims: base.claims.map((claim) => ({
      ...claim,
      section: claim.section && sectionAt(claim.startOffset, claim.section),
    })),
  };
  const paper = {
    engine: `grobid@${tei.version ?? 'unknown'}`,
    ...fields,
    pages: base.pages,
    places: {
      title: (sources.get('title') === 'BASE' ? base : own).places.title,
      abstract: (sources.get('abstract') === 'BASE' ? base : own).places.abstract,
    },
  };
  return { ...paper, ...assess({ paper, tei, tallies: placed.tallies, base, sources }) };

  /** The heading in the merged list that the place stands under; `known` when none of them was found in the text. */
  function sectionAt(offset: number, known: string): string {
    const headings = (sources.get('sections') === 'BASE' ? base : own).sections;
    return (
      headings.findLast(({ startOffset, endOffset }) => startOffset < endOffset && startOffset <= offset)?.heading ??
      known
    );
  }
}
