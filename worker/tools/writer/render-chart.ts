/**
 * A chart as SVG to stand in the page: horizontal bars with their numbers, a title and a description for screen readers,
 * the colours of the text around it. Loads nothing, runs nothing.
 */
import { escapeHtml } from './escape-html.js';
import type { Chart } from './finished-report.js';
import { inertLine } from './inert-text.js';

const WIDTH = 640; // user units, scaled to the column
const ROW = 26;
const BAR = 16;
const LABELS = 250; // room for the labels on the left
const NUMBERS = 40; // and for the numbers on the right
const LABEL_CHARS = 36; // what fits into LABELS at 13 units

/** One `<svg>`; ids carry the chart's key, which a page has once. */
export function renderChart(chart: Chart): string {
  const most = Math.max(...chart.bars.map(({ value }) => value), 1);
  const height = chart.bars.length * ROW;
  const rows = chart.bars.map(({ label, value }, index) => {
    const y = index * ROW;
    const width = Math.round(((WIDTH - LABELS - NUMBERS) * value) / most);
    const text = `y="${y + 17}" font-size="13" fill="currentColor"`;
    return `<text x="${LABELS - 8}" ${text} text-anchor="end">${escapeHtml(inertLine(label, LABEL_CHARS))}</text><rect x="${LABELS}" y="${y + (ROW - BAR) / 2}" width="${width}" height="${BAR}" rx="2" class="bar"/><text x="${LABELS + width + 6}" ${text}>${value}</text>`;
  });
  return `<svg class="chart" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="${chart.key}-title ${chart.key}-desc"><title id="${chart.key}-title">${escapeHtml(chart.title)}</title><desc id="${chart.key}-desc">${escapeHtml(chart.description)}</desc>${rows.join('')}</svg>`;
}
