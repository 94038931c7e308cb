/** The table that `npm run bench` prints: each line a ratio, its baseline beside it, and what is wanted of it. */
export interface Measurement {
  what: string;
  ours: string; // with unit
  baseline: string; // what it is measured against, with its figure
  ratio: number;
  wanted: string; // '≥ 0.8', '≤ 1', '0.95 to 1.05'; '' where it is only reported
  rounds: number; // how often it was measured; the figures are medians, except where `what` names a quantile of all
}

/** How much is done: `smoke` shows in seconds that everything can be measured, and its figures mean nothing. */
export type Size = 'full' | 'smoke';

/** Null where nothing is wanted. */
export function meets({ ratio, wanted }: Pick<Measurement, 'ratio' | 'wanted'>): boolean | null {
  const [, least, most] = /^([\d.]+) to ([\d.]+)$/.exec(wanted) ?? [];
  if (least) return ratio >= Number(least) && ratio <= Number(most);
  const [, sign, bound] = /^([≥≤]) ([\d.]+)$/.exec(wanted) ?? [];
  if (!bound) return null;
  return sign === '≥' ? ratio >= Number(bound) : ratio <= Number(bound);
}

export function toTable(measurements: readonly Measurement[]): string {
  const rows = measurements.map((m) => [
    m.what,
    m.ours,
    m.baseline,
    m.ratio.toFixed(3),
    m.wanted,
    metWord(meets(m)),
    String(m.rounds),
  ]);
  const table = [['measured', 'ours', 'baseline', 'ratio', 'wanted', 'met', 'rounds'], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length))) ?? [];
  const line = (row: string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = table;
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...body.map(line)].join('\n');
}

function metWord(met: boolean | null): string {
  if (met === null) return '';
  return met ? 'yes' : 'NO';
}
