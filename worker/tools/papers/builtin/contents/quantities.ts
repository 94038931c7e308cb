/** Numbers as papers print them, with their units: "28.4", "95.2 %", "1,047", ".05", "2.3 · 10¹⁹", "10.1 ± 2.7 years". */

export interface Quantity {
  value: number;
  unit: string | null;
  spread: string | null; // what follows a ±
  raw: string; // as printed, with its unit
  start: number; // UTF-16 indexes into what was read
  end: number;
}

const DIGITS = String.raw`(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.·]\d+)?|\.\d+)`;
const POWER = String.raw`(?:\s?[×x·∙]\s?10\s?[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+|[eE][-+]?\d{1,3})`;
const METRIC_UNIT =
  '(?:[kcmμµnpMGT]?(?:m|g|l|L|s|M|mol|Hz|W|J|V|A|Pa|B|b|eV|bp|Da|cal|N|T)|°[CF]|K|min|h|hr|d|yr|IU|U|ppm|ppb|dB|cm[²2³3]|m[²2³3]|mm[²2³3]|km[²2])';
const WORD_UNIT =
  '(?:femto|pico|nano|micro|milli|centi|kilo|mega)?(?:seconds?|meters?|metres?|grams?|liters?|litres?)|minutes?|hours?|days?|weeks?|months?|years?|degrees?|percentage points?|percent|per cent|fold|times|TFLOPS|[GTP]?FLOPs?|[KMGT]i?B|fps|tokens?(?:/s| per second)?|points?|mmHg|kcal|ELO';
const UNIT = String.raw`(?:[-–]fold|\s?%|\s?(?:(?:${WORD_UNIT})|(?:${METRIC_UNIT}))(?:\s?[/·]\s?(?:${METRIC_UNIT}|${WORD_UNIT}|kg|day|year|week|h))?(?![\p{L}\p{N}])|\s?[x×](?![\p{L}\p{N}\s]*\d))`;
const SIGN = '[-−+]?';
const QUANTITY = new RegExp(
  String.raw`(?<![\p{L}\p{N}.,_])(?<!\p{L}[–-])(${SIGN}${DIGITS})(${POWER})?(\s?(?:±|\+\/-|\+-)\s?${DIGITS})?(${UNIT})?`,
  'gu',
);

const COUNTS = /^[KMBGT]$/; // "40K sentences", "7B": a number written short, seldom a measured one

/** Every quantity of a text, from left to right. */
export function quantitiesOf(text: string): Quantity[] {
  return [...text.matchAll(QUANTITY)].flatMap((match) => {
    const [raw, digits = '', power, spread, unit] = match;
    const value = numberFrom(digits, power);
    const end = match.index + raw.length;
    if (unit && COUNTS.test(unit)) return [];
    if (value === null || /^[\p{L}\d]/u.test(text.slice(end)) || /^\.\d/.test(text.slice(end))) return [];
    return [
      {
        value,
        unit: unit ? unit.trim().replace(/^[-–]/, '') : null,
        spread: spread ? spread.replace(/^[\s±+/-]+/, '') : null,
        raw: raw.trim(),
        start: match.index,
        end,
      },
    ];
  });
}

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';

function numberFrom(digits: string, power = ''): number | null {
  const plain = digits.replace(/[\s,]/g, '').replace('·', '.').replace(/^[−–]/, '-').replace(/^\+/, '');
  const exponent = /^[eE]/.test(power)
    ? power.slice(1)
    : power
        .replace(/^.*10\s?/, '')
        .replace('⁻', '-')
        .replace('⁺', '')
        .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]/g, (digit) => String(RAISED.indexOf(digit)));
  const value = Number(exponent === '' ? plain : `${plain}e${exponent}`);
  return Number.isFinite(value) ? value : null;
}

/** What a table's cell says, when it is one quantity: its sign of significance and its brackets aside. */
export function cellQuantity(text: string): Quantity | null {
  const clean = text.replace(/[*†‡§¶]+$/u, '').trim();
  const [first, ...rest] = quantitiesOf(clean);
  if (!first || /\p{L}/u.test(clean.slice(0, first.start))) return null;
  const after = clean.slice(first.end).trim();
  const isOne = rest.length === 0 && /^(?:\p{L}{0,2}|[)%*†‡a-d]*|\([^)]*\))$/u.test(after);
  const hasSpread = /^[([][^)\]]*[)\]]?(?:[;,].*)?$/.test(after); // "46.6 (11.3); 47.5 (38–55)"
  return isOne || hasSpread ? first : null;
}
