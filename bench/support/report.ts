/** One line of the table that `npm run bench` prints: a ratio, its baseline beside it, and what is wanted of it. */
export interface Measurement {
  what: string;
  ours: string; // with unit
  baseline: string; // what it is measured against, with its figure
  ratio: number;
  wanted: string; // '≥ 0.8'; '' where it is only reported
}

export function meets({ ratio, wanted }: Measurement): boolean {
  const [, sign, bound] = /^([≥≤]) ([\d.]+)$/.exec(wanted) ?? [];
  if (!bound) return true;
  return sign === '≥' ? ratio >= Number(bound) : ratio <= Number(bound);
}

export function toTable(measurements: readonly Measurement[]): string {
  const rows = measurements.map((m) => [m.what, m.ours, m.baseline, m.ratio.toFixed(3), m.wanted, meets(m) ? 'yes' : 'NO']);
  const table = [['measured', 'ours', 'baseline', 'ratio', 'wanted', 'met'], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length))) ?? [];
  const line = (row: string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = table;
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...body.map(line)].join('\n');
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}
