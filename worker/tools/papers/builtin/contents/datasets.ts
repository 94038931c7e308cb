/**
 * Named collections of data that the paper uses or introduces, each with the sentence that says so: by the noun beside the
 * name ("the SPARC dataset", "Penn Treebank"), by what was done ("trained on …", "evaluated on …"), by lists of benchmarks,
 * or because the name is widely known. The first telling mention of each name is kept.
 */
import { placeOf } from '../../../../../src/papers/place-of.js';
import type { DatasetMention, SectionRole, TextLine } from '../../../../../src/papers/structured-paper.js';
import { WELL_KNOWN } from './dataset-names.js';
import type { ProseSentence } from './prose-sentences.js';

const SILENT: ReadonlySet<SectionRole> = new Set(['REFERENCES', 'ACKNOWLEDGEMENTS']);

interface Found {
  name: string;
  index: number; // UTF-16, in the sentence
}

export function readDatasets(sentences: readonly ProseSentence[], lines: readonly TextLine[]): DatasetMention[] {
  const byName = new Map<string, DatasetMention>();
  const told = sentences.filter(({ role }) => !SILENT.has(role));
  const others = acronymsOfOthers(told);
  for (const sentence of told) {
    for (const { name, index } of datasetsIn(sentence.text)) {
      const key = keyOf(name);
      if (byName.has(key) || name.split(' ').every((word) => others.has(word))) continue;
      const startOffset = sentence.startOffset + Buffer.byteLength(sentence.text.slice(0, index));
      const endOffset = startOffset + Buffer.byteLength(name);
      byName.set(key, { name, sentence: sentence.text, ...placeOf(lines, startOffset, endOffset) });
    }
  }
  return [...byName.values()].sort((a, b) => a.startOffset - b.startOffset);
}

const EXPANDED =
  /\b(?:Services?|Departments?|Units?|Clinics?|Wards?|Cent(?:er|re)s?|Systems?|Teams?|Methods?|Models?|Algorithms?|Protocols?|Index|Scales?|Tests?|Analysis|Functions?|Initiative|Organi[sz]ation|Agency|Association|Interfaces?|Society|Council|Programme)s? \((\p{Lu}{2,8})s?\)/giu;

/** Acronyms that the paper itself spells out as something that is no collection of data. */
function acronymsOfOthers(sentences: readonly ProseSentence[]): ReadonlySet<string> {
  return new Set(sentences.flatMap(({ text }) => [...text.matchAll(EXPANDED)].map(([, acronym = '']) => acronym)));
}

const keyOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/english-to-/g, 'english-')
    .replace(/[^\p{L}\p{N}+]/gu, '');

const WORD = String.raw`(?:\p{Lu}[\p{L}\p{N}+’'./-]*[\p{L}\p{N}+]|\p{Lu}|\d+(?:st|nd|rd|th)\b|(?:19|20)\d\d|[a-z]+\d{2,4}|\d+[A-Z]\w*)`;
const NAME = `${WORD}(?: (?:(?:of|and|on|for|in|de|to|of the|and the|on the|for the) )?${WORD}){0,7}`;
const HEAD =
  'data ?sets?|corpus|corpora|benchmarks?|treebanks?|cohorts?|databases?|collections?|catalogu?es?|archives?|gazetteer|data release';
const NEAR = String.raw`(?: \((?<short>\p{Lu}[\p{L}\p{N}+-]{1,12})\))?(?: \[[\d, –-]+\]| \([^()]{0,60}\d{4}[^()]{0,3}\))?`;

/** "the Pantheon+ dataset", "the larger X and Y corpora". */
const BEFORE_HEAD = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?<name>${NAME})${NEAR}(?: \p{Ll}[\p{L}-]+){0,1} (?:${HEAD})(?!\p{L})`,
  'gu',
);
/** The noun is part of the name: "Penn Treebank", "Framingham Heart Study cohort". */
const WITH_HEAD =
  /(?<![\p{L}\p{N}])(?<name>(?:\p{Lu}[\p{L}\p{N}+-]+ (?:of |and |the |for |on )?){1,6}(?:Treebank|Corpus|Dataset|Database|Databank|Data Bank|Benchmark|Biobank|Cohort|Catalogue|Catalog|Inventory|Archive|Data Group|Longline Program|Monitoring Program(?:me)?|Health Survey|Sky Survey|Census|Registry))(?!\p{L})/gu;
/** "the dataset X", "datasets such as X, Y and Z". */
const AFTER_HEAD = new RegExp(
  `(?:${HEAD})(?:,? (?:called|named|such as|including|like|known as|namely)|:| is| are)? (?<list>${NAME}(?:(?:, | and |, and )${NAME}){0,12})`,
  'gu',
);
/** "trained on X", "evaluate on X": only names that are not plain words. */
const USED_ON = new RegExp(
  String.raw`(?:train|evaluat|test|fine-?tun|pre-?train|validat|benchmark|experiment|perform|result)\w*(?: [\p{Ll}-]+){0,3} on (?:the )?(?:\p{Ll}+ ){0,2}(?<name>${NAME})`,
  'gu',
);
/** "NEON data", "PDG records": an acronym before data that is somebody's. */
const ACRONYM_DATA =
  /(?<![\p{L}\p{N}-])(?<name>\p{Lu}{3,8}(?:-?\d{1,4})?)(?: (?:survey|census|monitoring))? (?:data|records)(?![\p{L}-])/gu;
/** "performed with two data sets … denoted by X". */
const TASK = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?<name>\p{Lu}{2,}[\p{L}\p{N}-]* (?:19|20)\d\d(?: ${WORD}){0,3})(?: \p{Ll}+){0,2} tasks?\b`,
  'gu',
);
/** "Code: Humaneval [5] (0-shot) and MBPP [2] (3-shot)": a list of cited names. */
const CITED_LIST = /(?<name>\p{Lu}[\p{L}\p{N}-]{2,}(?: \p{Lu}[\p{L}-]+)?)(?=,? \[\d+\](?: \(\d|,| and|$))/gu;

export function datasetsIn(text: string): Found[] {
  const found: Found[] = [];
  const push = (name: string | undefined, index: number): void => {
    const trimmed = name ? trimName(name, index) : null;
    if (trimmed && isDatasetName(trimmed.name)) found.push(trimmed);
  };
  for (const match of text.matchAll(BEFORE_HEAD)) for (const part of listed(match, 'name')) push(part.name, part.index);
  for (const match of text.matchAll(AFTER_HEAD)) {
    for (const part of listed(match, 'list')) if (isMarked(part.name)) push(part.name, part.index);
  }
  for (const match of text.matchAll(WITH_HEAD)) push(match.groups?.name, match.index);
  for (const match of text.matchAll(ACRONYM_DATA))
    if (!TECHNIQUE.test(match.groups?.name ?? '')) push(match.groups?.name, match.index);
  for (const match of text.matchAll(TASK)) push(match.groups?.name, match.index);
  for (const match of text.matchAll(USED_ON)) {
    const name = match.groups?.name ?? '';
    if (isMarked(name) && HAS_YEAR_OR_FIGURE.test(name)) push(name, match.index + match[0].indexOf(name));
  }
  const cited = [...text.matchAll(CITED_LIST)];
  if (cited.length > 1 && /-shot|benchmark|dataset|corpora/i.test(text))
    for (const match of cited) push(match.groups?.name, match.index);
  found.push(...wellKnown(text));
  return longestOf(found);
}

const HAS_YEAR_OR_FIGURE = /\d/;

/** Not a plain capitalised word: an acronym, mixed case, a figure. */
const isMarked = (name: string): boolean => /\p{Lu}{2,}|\p{Ll}\p{Lu}|\d|\+/u.test(name);

function listed(match: RegExpExecArray, group: string): Found[] {
  const whole = match.groups?.[group] ?? '';
  const start = match.index + match[0].indexOf(whole);
  const found: Found[] = [];
  let from = 0;
  for (const part of whole.split(/, and |, | and /)) {
    const at = whole.indexOf(part, from);
    found.push({ name: part, index: start + at });
    from = at + part.length;
  }
  return found;
}

const LEADING =
  /^(?:(?:The|This|That|These|Those|Our|We|In|On|For|From|With|Using|Both|All|Each|Several|Many|Some|Other|A|An|As|At|By|To|And|Of|Since|While|When|Its|Their|First|Second|Finally|However|Existing|Publicly|Available|New|Standard|Large|Small) |(?:the|of|and|in|on|for) )+/u;

function trimName(name: string, index: number): Found | null {
  const lead = LEADING.exec(name)?.[0] ?? '';
  const rest = name
    .slice(lead.length)
    .replace(/[.,'’-]+$/, '')
    .replace(/ (?:of|the|and|on|for|in|de|to)$/, '')
    .trim();
  return rest === '' ? null : { name: rest, index: index + lead.length };
}

const TECHNIQUE =
  /^(?:NMR|MRI|EEG|ECG|DNA|RNA|PCR|GPS|GIS|PET|CT|XRD|SEM|TEM|LIDAR|RADAR|API|CSV|JSON|XML|HTML|PDF|URL|USA|SD|SE|CI|BMI|RCT|QTL|SNP|LPA|IV|GPU|CPU|LLM|NLP|MCMC|ANOVA|LHC|RNG|RAW|LOD|DIGE|PAGE|LC|MS|HPLC|HILIC|UV|IR)$/;
const NOT_NAMES =
  /^(?:Tables?|Figures?|Fig|Section|Appendix|Supplementary|Additional|Equation|Eq|Chapter|GitHub|GitLab|Zenodo|Hugging Face|Google|Python|PyTorch|TensorFlow|Jupyter|Wikipedia|Internet|English|French|German|Chinese|Bayesian|Gaussian|Markov|Monte Carlo|SQL|NoSQL|MySQL|PostgreSQL|Web of Science|Scopus|PubMed|MEDLINE|Embase|Cochrane|CINAHL|PsycINFO|Medline|Google Scholar|NWB|NLP|AI|ML|Type|Open|Data|Dataset|Database|Benchmark|Corpus|Creative Commons|I|II|III|IV)$/i;

const OTHER_THINGS =
  /\b(?:GPUs?|CPUs?|Servers?|Clusters?|Services?|Departments?|Universit(?:y|ies)|Institutes?|Foundation|Hospital|Committee|Department|Library|Licen[cs]e|Notebooks?|Toolkit|Package)$/;

function isDatasetName(name: string): boolean {
  if (OTHER_THINGS.test(name)) return false;
  const first = name.split(' ')[0] ?? '';
  if (NOT_NAMES.test(name) || NOT_NAMES.test(first) || TECHNIQUE.test(name)) return false;
  return /\p{L}{2}/u.test(name) && name.length > 2 && name.length < 70 && (isMarked(name) || name.includes(' '));
}

function wellKnown(text: string): Found[] {
  const found: Found[] = [];
  for (const match of text.matchAll(/[\p{L}\p{N}][\p{L}\p{N}+/-]*[\p{L}\p{N}+]/gu)) {
    for (const words of [3, 2, 1]) {
      const name = text
        .slice(match.index)
        .split(/(?<=\S)(?=[\s,.;:()[\]])/u)
        .slice(0, words)
        .join('');
      if (WELL_KNOWN.has(name)) {
        found.push({ name, index: match.index });
        break;
      }
    }
  }
  return found;
}

/** Of names that overlap, the longest; one of each. */
function longestOf(found: readonly Found[]): Found[] {
  const kept: Found[] = [];
  for (const one of [...found].sort((a, b) => b.name.length - a.name.length)) {
    const overlaps = kept.some(
      (other) => one.index < other.index + other.name.length && other.index < one.index + one.name.length,
    );
    if (!overlaps) kept.push(one);
  }
  return kept.sort((a, b) => a.index - b.index);
}
