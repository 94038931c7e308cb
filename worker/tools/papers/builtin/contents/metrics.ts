/**
 * Measured values that the prose reports: a name and a number that syntax binds in one clause. "A BLEU score of 28.4",
 * "accuracy (95.2 %)", "28.4 BLEU", "p < 0.001", "the step time was 1.0 seconds". A number without such a tie is left out.
 */
import { placeOf } from '../../../../../src/papers/place-of.js';
import type { MetricMention, SectionRole, TextLine } from '../../../../../src/papers/structured-paper.js';
import { isAcronym, isNameAsWritten, METRIC_NAME, STATISTIC } from './metric-names.js';
import type { ProseSentence } from './prose-sentences.js';
import { type Quantity, quantitiesOf } from './quantities.js';

interface Bound {
  name: string;
  quantity: Quantity;
}

const SILENT_ROLES: ReadonlySet<SectionRole> = new Set(['RELATED', 'REFERENCES', 'ACKNOWLEDGEMENTS']);
const FINDING_ROLES: ReadonlySet<SectionRole> = new Set([
  'ABSTRACT',
  'EVALUATION',
  'DISCUSSION',
  'CONCLUSION',
  'TRAINING',
]);

export function readMetrics(sentences: readonly ProseSentence[], lines: readonly TextLine[]): MetricMention[] {
  return sentences
    .filter(({ role }) => !SILENT_ROLES.has(role))
    .flatMap((sentence) =>
      boundIn(sentence.text, FINDING_ROLES.has(sentence.role)).map(({ name, quantity }) => {
        const before = Buffer.byteLength(sentence.text.slice(0, quantity.start));
        const startOffset = sentence.startOffset + before;
        const endOffset = startOffset + Buffer.byteLength(sentence.text.slice(quantity.start, quantity.end));
        const { value, unit, raw } = quantity;
        return { name, value, unit, raw, sentence: sentence.text, ...placeOf(lines, startOffset, endOffset) };
      }),
    );
}

/** Every name with a number in the sentence, in order of the numbers; a number is bound once. */
export function boundIn(text: string, isFinding: boolean): Bound[] {
  const quantities = withSharedUnits(
    text,
    quantitiesOf(text).filter((quantity) => isMeasured(text, quantity)),
  );
  const bound = new Map<Quantity, string>();
  for (const match of text.matchAll(STATISTIC)) {
    const end = match.index + match[0].length;
    const quantity = quantities.find(({ start }) => start === end);
    const name = /mean\s?(?:±|\(±|\+\/-)\s?$/i.test(text.slice(0, match.index)) ? 'mean' : (match[1] ?? '');
    if (quantity && isStatistic(name, quantity, text)) bound.set(quantity, name);
  }
  const names = [...text.matchAll(METRIC_NAME)].filter(([name]) => isNameAsWritten(name));
  for (const match of names) bindForward(text, match, { quantities, bound });
  for (const quantity of quantities) if (!bound.has(quantity)) bindBackward(text, quantity, bound);
  if (isFinding) for (const quantity of quantities) if (!bound.has(quantity)) bindShare(text, quantity, bound);
  if (isFinding) for (const quantity of quantities) if (!bound.has(quantity)) bindTraining(text, quantity, bound);
  if (isFinding) for (const quantity of quantities) if (!bound.has(quantity)) bindSubject(text, quantity, bound);
  spread(text, quantities, bound);
  return quantities.flatMap((quantity) => {
    const name = bound.get(quantity);
    return name === undefined ? [] : withSpread(name, quantity);
  });
}

/** "Mean ± SD = 11.9 ± 1.0" reports two values. */
function withSpread(name: string, quantity: Quantity): Bound[] {
  if (quantity.spread === null || !/^means?\b|\bmean$/i.test(name)) return [{ name, quantity }];
  return [
    { name, quantity },
    { name: 'SD', quantity: { ...quantity, value: Number(quantity.spread), raw: quantity.spread } },
  ];
}

const POINTER =
  /(?:tables?|tab\.|fig(?:ure|s)?\.?|sections?|sect?\.|eqs?\.|equations?|refs?\.|chapter|appendix|step|model|version|phase|grade|stage|type|day|week|page|pp?\.|no\.|number|grant|protocol|v|#|[A-Z]\d*-)\s?\(?$/i;

/** Not a year, a reference to a table, a citation, an item's number. */
function isMeasured(text: string, { value, unit, start, end, raw }: Quantity): boolean {
  const before = text.slice(Math.max(0, start - 14), start);
  if (POINTER.test(before) && !/\bp\s?[=<>]/i.test(before)) return false;
  if (unit === null && Number.isInteger(value) && value >= 1800 && value <= 2100 && /^\d{4}$/.test(raw)) return false;
  const isItem = unit === null && Number.isInteger(value) && value < 30 && /(?:^|[\s;:,])$/.test(before);
  if (isItem && /^\)/.test(text.slice(end)) && !/\([^)]*$|[=<>≤≥]\s*$/.test(text.slice(0, start))) return false; // "1) first"
  const open = text.lastIndexOf('[', start);
  return open < 0 || text.slice(open, start).includes(']') || !/^\[[\d,;\s–-]*$/.test(text.slice(open, start));
}

const TEST_WORDS =
  /\bp\s?[<=>]|\bt-test|ANOVA|regression|correlat|Mann|Wilcoxon|chi-?square|df\b|significan|effect size|CI\b/i;

/** Single letters are variables as often as statistics: they need a test beside them. */
function isStatistic(name: string, { value, unit }: Quantity, text: string): boolean {
  if (name === 'mean') return true;
  if (/^p/i.test(name)) return value >= 0 && value <= 1 && unit === null;
  if (/^(?:OR|aOR|AOR|HR|aHR|RR|IRR|SMD|R²|R2|R-squared|SD|S\.D\.|SE|S\.E\.|χ²|χ2|Χ2|η²|ηp²|κ)$/.test(name))
    return true;
  return TEST_WORDS.test(text);
}

const WORDS_BETWEEN =
  'of|was|were|is|are|to|at|by|from|about|approximately|approx\\.|around|nearly|almost|only|up|an?|over|more|less|greater|lower|than|reached|reaches|reaching|achieved|attained|found|be|been|estimated|determined|calculated|measured|observed|reported|recorded|as|high|low|increased|increases|decreased|improved|improves|dropped|rose|fell|ranged|ranging|ranges|between|remained|averaged|equals?|just|improvement|gain|took|takes|expected|set|also|the|its|scores?|values?|upper|lower|limit|above|below|exceeding|exceeded|in|total|conservative';
const CONNECTOR = new RegExp(
  String.raw`^(?: (?:scores?|values?|rates?|levels?|estimates?))?(?:\s?\([^()\d]{0,30}\))?(?: (?:on|in|for|of|over|across|among|between|with|per|from|obtained|derived|calculated) [^,.;:()\d]{1,45}?)??(?:,? (?:${WORDS_BETWEEN})){0,8}(?:\s?(?:=|:|<|>|≤|≥|≈|∼|~))?\s?[(]?\s?(?:=|<|>|≤|≥|≈|∼|~)?\s?$`,
  'iu',
);
const MAX_GAP = 90; // characters between a name and its number

interface Numbers {
  quantities: readonly Quantity[];
  bound: Map<Quantity, string>;
}

function bindForward(text: string, match: RegExpExecArray, { quantities, bound }: Numbers): void {
  const name = match[0];
  const end = match.index + name.length;
  const next = quantities.find(({ start }) => start >= end);
  if (!next || bound.has(next) || next.start - end > MAX_GAP) return;
  const gap = text.slice(end, next.start);
  if (!CONNECTOR.test(gap)) return;
  const isPointer = gap.endsWith('(') && next.unit === null && (gap === '(' || GENERAL.test(name)); // F₁(0), "yield (2.19)"
  if (isPointer) return;
  const isBare = gap.trim() === '' && !isAcronym(name) && next.unit !== '%';
  if (!isBare && !isCount(name, next, text)) bound.set(next, name);
}

const GENERAL =
  /^(?:mean|median|average|maximum|minimum|scores?|differences?|power|recall|precision|yields?|correlations?)\b/i;

/** "Average the last 5 checkpoints", "scores of 12 judges": a bare whole number before a noun counts things. */
function isCount(name: string, { value, unit, end }: Quantity, text: string): boolean {
  return GENERAL.test(name) && isCounting({ value, unit, end }, text);
}

const isCounting = ({ value, unit, end }: Pick<Quantity, 'value' | 'unit' | 'end'>, text: string): boolean =>
  unit === null && Number.isInteger(value) && /^ \p{Ll}{3,}/u.test(text.slice(end));

const AFTER = new RegExp(
  String.raw`^\s?\)?\s?(?:(?:absolute|relative|overall|average|mean|higher|lower|better|worse|in|of|top-1|top-5|the)\s){0,2}(${METRIC_NAME.source})`,
  'iu',
);
const CHANGE =
  /^ (?:(?:relative|absolute|average|overall) )?(enhancement|improvement|increase|decrease|reduction|decline|drop|gain|larger|smaller|higher|lower|greater|faster|slower|better|worse|more|fewer|less|speed-?up)\b/i;

/** "28.4 BLEU", "95 % accuracy", "a 92% enhancement": the name after the number. */
function bindBackward(text: string, quantity: Quantity, bound: Map<Quantity, string>): void {
  const rest = text.slice(quantity.end);
  const isShare =
    quantity.unit !== null && /^(?:%|percent|per cent|x|×|fold|points?|percentage points?)$/.test(quantity.unit);
  const name = AFTER.exec(rest)?.[1];
  if (name && isNameAsWritten(name) && (isAcronym(name) || isShare)) bound.set(quantity, name);
  else if (isShare) {
    const change = CHANGE.exec(rest)?.[1];
    if (change) bound.set(quantity, change);
  }
}

const SHARE_OF =
  /^\s?(?:\([^()]{1,20}\) )?of (?:(?:the|all|our|these|their|total|eligible|\d[\d,]*) )*((?:[\p{Ll}-]+ ){0,2}?(?:those \p{Ll}+|[\p{Ll}-]+s|people|children|women|men|population|sample|cohort|variance|time))\b/u;
const SHARE_THAT =
  /^ (?:of (?:them|these|those) )?((?!were\b|was\b|are\b|is\b|had\b|have\b)[\p{Ll}-]+ed(?: [\p{Ll}‘’'-]+){1,3})/u;

/** "59% of the respondents", "45% liked the staff": what a share is a share of, or what it did. */
function bindShare(text: string, quantity: Quantity, bound: Map<Quantity, string>): void {
  if (quantity.unit === null || !/^(?:%|percent|per cent)$/.test(quantity.unit)) return;
  const rest = text.slice(quantity.end);
  const name = SHARE_OF.exec(rest)?.[1] ?? SHARE_THAT.exec(rest)?.[1];
  if (name) bound.set(quantity, name);
}

const TRAINED =
  /\btrain(?:ed|ing)\b(?! steps?)[^.;]{0,60}\b(?:for|took|takes|or)\b[^.;,]{0,20}?[ (](?:about |approximately )?$/i;
const DURATION = /^(?:s|min|h|seconds?|minutes?|hours?|days?|weeks?)$/;

/** "Training took 3.5 days", "were trained for 12 hours". */
function bindTraining(text: string, quantity: Quantity, bound: Map<Quantity, string>): void {
  if (quantity.unit !== null && DURATION.test(quantity.unit) && TRAINED.test(text.slice(0, quantity.start)))
    bound.set(quantity, 'training time');
}

const SUBJECT = new RegExp(
  String.raw`((?:\p{L}[\p{L}\p{N}'’/-]*(?: |$)){1,4}?)(?:\([^()]{1,20}\) ?)?(?:(?:was|were|is|are|of|took|lasted|averaged|reached|measured|weighed|grew|yielded|attained|achieved|showed|ranged|ranging|varied|varying|increased|decreased|rose|fell|dropped)\b ?|= ?)(?:(?:${WORDS_BETWEEN}) ){0,5}$`,
  'iu',
);
const LEADING =
  /^(?:(?:the|an?|this|that|these|those|each|every|our|its|their|and|or|with|for|in|on|at|to|whose|which|where|when|while|but|both|all|respective|corresponding|estimated|observed|had|has|have|having|by|from|as|of)\s)+/i;
const NOT_MEASURED = /^(?:tokens?.*|points?|times|x|×)$/; // counted, or said of something else
const NO_SUBJECT =
  /^(?:it|they|we|there|that|this|which|and|or|he|she|who|one|both|total|number|sample|distance|area|concentration|dose|temperature|depth|elevation|rate|level|size|consist\w*|age|ages|date|period|range|series|subset|set|group|groups|only)$/i;

/** "The step time was 1.0 seconds": a noun before a verb of measure, and a unit. */
function bindSubject(text: string, quantity: Quantity, bound: Map<Quantity, string>): void {
  if (quantity.unit === null || NOT_MEASURED.test(quantity.unit)) return;
  const subject = SUBJECT.exec(text.slice(Math.max(0, quantity.start - MAX_GAP), quantity.start))?.[1];
  const name = subject?.trim().replace(LEADING, '').trim();
  if (
    !name ||
    NO_SUBJECT.test(name) ||
    /^(?:we|it|they|i|you|there)\b/i.test(name) ||
    !/\p{L}{3}/u.test(name) ||
    /[.,;]$/.test(name)
  )
    return;
  bound.set(quantity, name);
}

const LISTED = /^\s?(?:[,;/–-]|and|or|to|vs\.?|versus|,\s?and|→)\s?(?:about |approximately |≈ ?|~ ?)?$/;
const SAME_MEASURE = /^[^;:()]{0,70}(?:,|\band|\bor|\bversus|\bto)\s?(?:about |approximately |only |nearly |almost )?$/;

/** "LC50 2.17, 2.77 and 2.46 μg/ml": what follows in a list has the name before it, and takes the unit after it. */
function spread(text: string, quantities: readonly Quantity[], bound: Map<Quantity, string>): void {
  quantities.forEach((quantity, index) => {
    const before = quantities[index - 1];
    const name = before && bound.get(before);
    if (bound.has(quantity) || !before || name === undefined) return;
    const gap = text.slice(before.end, quantity.start);
    const isSame = quantity.unit !== null && quantity.unit === before.unit && SAME_MEASURE.test(gap);
    const isOfAKind = quantity.unit !== null || Number.isInteger(before.value) || !isCounting(quantity, text);
    if ((LISTED.test(gap) && isOfAKind) || isSame) bound.set(quantity, name);
  });
  quantities.forEach((quantity, index) => {
    const after = quantities[index + 1];
    const name = after && bound.get(after);
    const isFrom = /\b(?:between|from) $/i.test(text.slice(0, quantity.start));
    if (
      after &&
      isFrom &&
      !bound.has(quantity) &&
      name !== undefined &&
      LISTED.test(text.slice(quantity.end, after.start))
    )
      bound.set(quantity, name);
  });
}

/** In "2.17, 2.77 and 0.28 μg/ml" and "7.7–14.0 years" the last unit is everyone's. */
function withSharedUnits(text: string, quantities: readonly Quantity[]): Quantity[] {
  const shared: Quantity[] = [];
  for (const quantity of [...quantities].reverse()) {
    const after = shared[0];
    const isListed = after && LISTED.test(text.slice(quantity.end, after.start));
    shared.unshift(isListed && quantity.unit === null ? { ...quantity, unit: after.unit } : quantity);
  }
  return shared;
}
