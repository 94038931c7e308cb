/** What the header of a column or the label of a row says of the numbers beside it. */
import { isNameAsWritten, METRIC_NAME } from './metric-names.js';
import { cellQuantity, type Quantity, quantitiesOf } from './quantities.js';

export interface Head {
  name: string;
  unit: string | null;
  isCountAndShare: boolean; // "n (%)": the share in brackets is the result
}

const IN_BRACKETS = /[([]([^()[\]]{1,16})[)\]]/;
const UNIT_LIKE =
  /^(?:%|[kcmμµnp]?(?:m|g|l|L|s|M|mol|Hz|W|J|V|A|Pa|B|eV)(?:\/\p{L}+)?|years?|days?|hours?|h|min|minutes?|seconds?|FLOPs?|°C|[KMG]B|ppm|points?)$/u;
const COUNT_AND_SHARE = /\(?\bn\b[\s,;]*\(+\s?%\s?\)+/i;
const SHARE = /\(\s?%\s?\)|(?:^|[\s,])%(?:$|\s)/;
const ESTIMATE =
  /\b(?:observed|estimated|mean|average|median|maximum|minimum|max|min|total|rate|ratio|cost|time|change|difference|growth|increase|decrease|longevity|survival|mortality|score|performance|mass|yield)\b/i;
const COST = /\b(?:cost|latency|throughput|speed|runtime|time)\b/i;
const MAX_NAME = 90;

export const plainName = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Null when it says nothing of results. `datasets`: plain names that results are listed for. */
export function headOf(text: string, datasets: ReadonlySet<string>): Head | null {
  const bracket = IN_BRACKETS.exec(text)?.[1]?.trim() ?? '';
  const isCountAndShare = COUNT_AND_SHARE.test(text);
  const unit = isCountAndShare || SHARE.test(text) ? '%' : UNIT_LIKE.test(bracket) ? bracket : null;
  const name = nameOf(text, unit);
  if (!/\p{L}/u.test(name) || name.length > MAX_NAME) return null;
  const isMetric = [...name.matchAll(METRIC_NAME)].some(([found]) => isNameAsWritten(found));
  const isMeasured = unit !== null && (unit === '%' || ESTIMATE.test(name) || COST.test(name));
  return isMetric || isMeasured || datasets.has(plainName(name)) ? { name, unit, isCountAndShare } : null;
}

/** Without its unit and the size of the sample. */
function nameOf(text: string, unit: string | null): string {
  const bare = text.replace(COUNT_AND_SHARE, '').replace(/\(?\bN\s?=\s?\d+\)?,?/g, '');
  const named =
    unit === null ? bare : bare.replace(IN_BRACKETS, (whole, inner: string) => (inner.trim() === unit ? '' : whole));
  return named
    .replace(/\(\s*[,;]?\s*\)/g, '')
    .replace(/\s+/g, ' ')
    .replace(/[\s,;:(]+$/, '')
    .trim();
}

/** The value that a cell has under its head. */
export function valueUnder(head: Head, text: string): Quantity | null {
  if (!head.isCountAndShare) return cellQuantity(text);
  const bracketed = /\(([^()]*)\)/.exec(text)?.[1];
  const share = bracketed === undefined ? quantitiesOf(text).find(({ unit }) => unit === '%') : cellQuantity(bracketed);
  return share ? { ...share, unit: '%' } : null;
}
