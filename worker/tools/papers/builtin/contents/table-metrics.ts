/**
 * Measured values that tables report: cells whose column or row is headed by the name of a metric, by a dataset that
 * results are listed for, or by a statistic with its unit. Settings (layers, rates, widths) are not results.
 */
import type { MetricMention, Place } from '../../../../../src/papers/structured-paper.js';
import type { GridCell } from './table-grid.js';
import { type Head, headOf, plainName, valueUnder } from './table-heads.js';
import type { SetTable } from './tables.js';

const SETTINGS =
  /^(?:[\p{L}-]+ ){0,3}(?:hyper-?parameters?|parameters?|settings?|configurations?|questionnaires?|abbreviations?)\b/iu;

/** `datasets` are the names of datasets that the paper is known to use. */
export function readTableMetrics(tables: readonly SetTable[], datasets: readonly string[]): MetricMention[] {
  const known = new Set(datasets.map(plainName));
  return tables.flatMap(({ table, grid, placeOfCell }) => {
    const [header, ...body] = grid?.rows ?? [];
    if (!header || SETTINGS.test(table.caption ?? '')) return [];
    const columns = withSiblings(
      header.map((cell) => headOf(cell.text, known)),
      { header, body },
    );
    const labels = labelHeads(body);
    return body.flatMap((row, at) =>
      row.flatMap((cell, index) => {
        const head =
          index === 0 ? null : headFor(labels[at] ?? null, columns[index] ?? null, header[index]?.text ?? '');
        return head ? (mentionOf(cell, placeOfCell(cell), { row, head }) ?? []) : [];
      }),
    );
  });
}

/** A row that names a statistic is about it in every column: the columns are groups then. */
function headFor(row: Head | null, column: Head | null, title: string): Head | null {
  if (!row) return column;
  const group = title.trim();
  return group === '' ? row : { ...row, name: `${row.name}, ${group}` };
}

/** What each row's label says; the parts of a group ("Ethnicity, n (%)") take its head. */
function labelHeads(body: readonly GridCell[][]): (Head | null)[] {
  const none: ReadonlySet<string> = new Set();
  let group: Head | null = null;
  return body.map((row) => {
    const label = row[0]?.text ?? '';
    const own = headOf(label, none);
    const isGroup = row.slice(1).every((cell) => cell.text === '');
    if (isGroup) group = own;
    else if (own) group = null;
    return own ?? (group && label !== '' ? { ...group, name: `${group.name}: ${label}` } : null);
  });
}

interface Rows {
  header: readonly GridCell[];
  body: readonly GridCell[][];
}

/** Columns of percentages beside columns that results on datasets are listed in list results on others. */
function withSiblings(columns: readonly (Head | null)[], { header, body }: Rows): (Head | null)[] {
  const isShare = (index: number): boolean => body.every((row) => /^\s*$|%/.test(row[index]?.text ?? ''));
  const shares = columns.filter((column, index) => column && isShare(index)).length;
  return columns.map((column, index) => {
    const name = header[index]?.text ?? '';
    const isOne = index > 0 && shares > 1 && name !== '' && isShare(index);
    return column ?? (isOne ? { name, unit: '%', isCountAndShare: false } : null);
  });
}

function mentionOf(
  cell: GridCell,
  place: Place | null,
  told: { row: readonly GridCell[]; head: Head },
): MetricMention | null {
  const quantity = valueUnder(told.head, cell.text);
  if (!quantity || !place) return null;
  return {
    name: told.head.name,
    value: quantity.value,
    unit: quantity.unit ?? told.head.unit,
    raw: cell.text,
    sentence: told.row.map(({ text }) => text).join(' | '),
    ...place,
  };
}
