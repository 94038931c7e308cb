/**
 * What can be counted in a report and is worth a glance: how old its sources are, and which sections stand on how much.
 * A chart is made only where it says more than a sentence would: two bars at least. Every value is a count of the report.
 */
import type { Chart, FinishedReport } from './finished-report.js';

type Counted = Pick<FinishedReport, 'sections' | 'claims' | 'sources'>;

const MAX_YEARS = 12; // bars; beyond it decades are counted

/** Zero to two charts. Deterministic. */
export const chartReport = (report: Counted): Chart[] => [...byYear(report), ...bySection(report)];

function byYear({ sources }: Counted): Chart[] {
  const years = sources.flatMap(({ year }) => year ?? []).sort((a, b) => a - b);
  const single = new Set(years).size <= MAX_YEARS;
  const bars = count(years.map((year) => (single ? String(year) : `${Math.floor(year / 10) * 10}s`)));
  if (bars.length < 2) return [];
  const undated = sources.length - years.length;
  if (undated > 0) bars.push({ label: 'undated', value: undated });
  return [
    chart('sources-by-year', `Sources by ${single ? 'year' : 'decade'}`, single ? 'Year' : 'Decade', 'Sources', bars),
  ];
}

function bySection({ sections, claims }: Counted): Chart[] {
  const receipts = new Map(claims.map((claim) => [claim.key, claim.receipts.length]));
  const bars = sections
    .filter(({ role }) => role === 'SHORT_ANSWER' || role === 'TOPIC')
    .map(({ heading, paragraphs }) => ({
      label: heading,
      value: paragraphs
        .flat()
        .reduce((sum, sentence) => sum + (sentence.kind === 'CLAIM' ? (receipts.get(sentence.claim) ?? 0) : 0), 0),
    }));
  return bars.length < 2 ? [] : [chart('evidence-by-section', 'Evidence by section', 'Section', 'Quotes', bars)];
}

const count = (labels: readonly string[]) =>
  [...new Set(labels)].map((label) => ({ label, value: labels.filter((other) => other === label).length }));

const chart = (key: Chart['key'], title: string, head: string, unit: string, bars: Chart['bars']): Chart => ({
  key,
  title,
  head,
  unit,
  bars,
  description: `${unit}: ${bars.map(({ label, value }) => `${label}, ${value}`).join('; ')}.`,
});
