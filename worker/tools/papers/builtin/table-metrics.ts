/**
 * Measured values that tables report: cells whose column, or else row, is headed by the name of a metric, by a known
 * dataset that results are listed for, or by a statistic with its unit. Settings (layers, rates, widths) are not results.
 */
import type { MetricMention } from '../../../../src/papers/structured-paper.js';
import { isNameAsWritten, METRIC_NAME } from './metric-names.js';
import { cellQuantity } from './quantities.js';
import type { GridCell } from './table-grid.js';
import type { SetTable } from './tables.js';

const SETTINGS =
  /^(?:[\p{L}-]+ ){0,3}(?:hyper-?parameters?|parameters?|settings?|configurations?|questionnaires?|abbreviations?)\b/iu;
const IN_BRACKETS = /[([]([^()[\]]{1,16})[)\]]/;
const UNIT_LIKE =
  /^(?:%|[kcmμµnp]?(?:m|g|l|L|s|M|mol|Hz|W|J|V|A|Pa|B|eV)(?:\/\p{L}+)?|years?|days?|hours?|h|min|minutes?|seconds?|FLOPs?|°C|[KMG]B|ppm|points?)$/u;
const ESTIMATE =
  /\b(?:observed|estimated|mean|average|median|maximum|minimum|max|min|total|rate|ratio|cost|time|change|difference|growth|increase|decrease|longevity|survival|mortality|score|performance|mass|yield)\b/i;

/** `datasets` are the names of datasets that the paper is known to use. */
export function readTableMetrics(tables: readonly SetTable[], datasets: readonly string[]): MetricMention[] {
  const known = new Set(datasets.map(plain));
  return tables.flatMap(({ table, grid }) => {
    const [header, ...body] = grid?.rows ?? [];
    if (!header || SETTINGS.test(table.caption ?? '')) return [];
    const columns = withSiblings(
      header.map((cell) => headOf(cell.text, known)),
      header,
      body,
    );
    return body.flatMap((row) => {
      const own = columns.some((column, index) => index > 0 && column) ? null : headOf(row[0]?.text ?? '', known);
      return row.flatMap((cell, index) => {
        const head = index === 0 ? null : (columns[index] ?? own);
        return head ? (mentionOf(cell, row, head) ?? []) : [];
      });
    });
  });
}

/** Columns of percentages beside columns that results on datasets are listed in list results on others. */
function withSiblings(
  columns: readonly (Head | null)[],
  header: readonly GridCell[],
  body: readonly GridCell[][],
): (Head | null)[] {
  const isShare = (index: number): boolean => body.every((row) => /^\s*$|%/.test(row[index]?.text ?? ''));
  const shares = columns.filter((column, index) => column && isShare(index)).length;
  return columns.map((column, index) => {
    const name = header[index]?.text ?? '';
    return column ?? (index > 0 && shares > 1 && name !== '' && isShare(index) ? { name, unit: '%' } : null);
  });
}

interface Head {
  name: string;
  unit: string | null;
}

const plain = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
const MAX_NAME = 60;

/** What a header says of its numbers; null when it says nothing of results. */
function headOf(text: string, known: ReadonlySet<string>): Head | null {
  const bracket = IN_BRACKETS.exec(text)?.[1]?.trim() ?? null;
  const unit = bracket && UNIT_LIKE.test(bracket) ? bracket : /%/.test(text) ? '%' : null;
  const name = text
    .replace(unit === bracket ? IN_BRACKETS : /$^/, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (name === '' || name.length > MAX_NAME) return null;
  const isMetric = [...name.matchAll(METRIC_NAME)].some(([found]) => isNameAsWritten(found));
  const isCost = /\b(?:cost|latency|throughput|speed|runtime|time)\b/i.test(name) && unit !== null;
  const isEstimate = unit !== null && ESTIMATE.test(name);
  return isMetric || isCost || isEstimate || unit === '%' || known.has(plain(name)) ? { name, unit } : null;
}

function mentionOf(cell: GridCell, row: readonly GridCell[], { name, unit }: Head): MetricMention | null {
  const quantity = cellQuantity(cell.text);
  const piece = cell.pieces[0];
  if (!quantity || !piece) return null;
  const { line } = piece;
  const at = line.text.indexOf(piece.text);
  const before = Buffer.byteLength(line.text.slice(0, Math.max(0, at)));
  const startOffset = Math.min(line.endOffset, line.startOffset + before);
  return {
    name,
    value: quantity.value,
    unit: quantity.unit ?? unit,
    raw: cell.text,
    sentence: row.map(({ text }) => text).join(' | '),
    startOffset,
    endOffset: Math.min(line.endOffset, startOffset + Buffer.byteLength(piece.text)),
    page: line.page,
    box: { x: piece.x, y: line.box.y, width: piece.endX - piece.x, height: line.box.height },
  };
}
