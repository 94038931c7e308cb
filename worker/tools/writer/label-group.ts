/**
 * A heading for a group of sentences, taken from the sources: a section heading that many of them stand under, a phrase
 * they share, or the title of the source they come from. Headings that say nothing ("Introduction") are passed over.
 */

import { STOP_WORDS } from '../../../src/evidence/stop-words.js';
import { tokenize } from '../../../src/evidence/tokenize.js';
import type { RankedSentence } from './rank-sentences.js';
import { isAdministrativeHeading } from './sentence-quality.js';
import { tidyQuote } from './tidy-quote.js';

const EMPTY_HEADINGS = new Set(
  tokenize(
    `introduction background abstract summary conclusion conclusions discussion results result methods method materials
     overview preface motivation related work prior previous references appendix experiments experiment evaluation
     experimental setup set general remarks notes note future outlook findings statement need acknowledgements authors
     contents contributions procedure procedures participants sampling statistical document review observations description further reading concluding final main analysis data study paper details discussions table figure limitations
     research assessment assessments diagnosis teaching experience experiences guidebook documentation development history natural
     emerging field fields aims target goals other molecules small analyses specimens taxonomy holotype etymology story project learning objectives objective content contents design audience usage features functionality instructional`,
  ),
);

const MAX_HEADING_WORDS = 8;
const MAX_HEADING_CHARS = 64;
const SPEAKS_FOR_ALL = 0.65; // share of the group's relevance that stands under the heading
const SPEAKS_FOR_MANY = 0.5; // share of the sentences that have a word of the heading
const TAKES_SIDES =
  /\b(?:evidence|arguments?|case|reasons?) (?:for|against|in favou?r|that|of)\b|\b(?:strengths?|weaknesses|(?:dis)?advantages|benefits|drawbacks|pros|cons|promise)\b/iu;
const SIDED = 0.8; // share of the sentences that stand under such a heading
const CHANCE_SHARE = 0.6; // what a phrase counts for that has no word of the question and is in fewer sentences than this
const MIN_SCORE = 0.2; // below it the label speaks for too few of the sentences

/** The best heading not yet `taken` (compared by stems); undefined when the sources offer none. */
export function labelGroup(
  group: readonly RankedSentence[],
  everything: readonly RankedSentence[],
  taken: readonly string[],
  asked: ReadonlySet<string> = new Set(),
): string | undefined {
  const options = new Map<string, number>();
  const propose = (label: string | undefined, score: number) => {
    if (label !== undefined) options.set(label, Math.max(options.get(label) ?? 0, score));
  };
  const total = group.reduce((sum, sentence) => sum + sentence.relevance, 0) || 1;
  for (const [heading, members] of groupBy(group, (sentence) => cleanHeading(sentence.snippet.heading ?? ''))) {
    const share = members.reduce((sum, member) => sum + member.relevance, 0) / total;
    if (members.length < SIDED * group.length && TAKES_SIDES.test(heading)) continue; // over the other side's it would lie
    const spoken = group.filter((sentence) => speaksOfHeading(sentence, heading)).length / group.length;
    if (share < SPEAKS_FOR_ALL && spoken < SPEAKS_FOR_MANY) continue; // over what it does not cover it misleads
    const score = share >= SPEAKS_FOR_ALL ? share + 0.15 : share / 2;
    propose(heading, spoken > 0 ? score : score / 3); // "The promise": of what, only its own article tells
  }
  const sources = new Set(everything.map((sentence) => sentence.snippet.sourceId)).size;
  for (const [title, members] of groupBy(group, (sentence) => cleanHeading(sentence.snippet.sourceTitle))) {
    // The title of one paper over what another says would credit the one with the other's words.
    if (sources > 1 && members.length === group.length) propose(title, 0.6);
  }
  for (const [phrase, score] of sharedPhrases(group, everything)) {
    const isAsked = tokenize(phrase).some((term) => asked.has(term));
    propose(phrase, isAsked || score >= CHANCE_SHARE ? score : score * CHANCE_SHARE);
  }
  const ranked = [...options]
    .filter(([, score]) => score >= MIN_SCORE)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([label]) => label);
  return ranked.find((label) => !taken.some((other) => alike(label, other)));
}

const speaksOfHeading = ({ spoken }: RankedSentence, heading: string): boolean =>
  tokenize(heading).some((term) => spoken.has(term));

/** "3.2 Pooling depth." → "Pooling depth"; undefined when it would make no heading. */
export function cleanHeading(raw: string): string | undefined {
  const text = tidyQuote(raw)
    .replace(/^(?:chapter|section|appendix)?\s*(?:\d+(?:\.\d+)*|[IVX]+|[A-Z])[.):]?\s+(?=\p{L})/u, '')
    .replace(/[\s.:;,–-]+$/u, '')
    .trim();
  if (/^(?:our|we|my)\b|\b(?:and|or|of|the|a|an|in|on|for|with|to|by|from|version \d)$|\bversion \d/iu.test(text))
    return undefined;
  if (isAdministrativeHeading(text)) return undefined;
  const terms = tokenize(text);
  if (terms.length === 0 || terms.every((term) => EMPTY_HEADINGS.has(term) || /^\d/u.test(term))) return undefined;
  const count = text.split(/\s+/u).length;
  if (count > MAX_HEADING_WORDS || text.length > MAX_HEADING_CHARS || /[<>{}=|\\@]|\d{4,}/u.test(text))
    return undefined;
  const letters = text.replace(/[^\p{L}]/gu, '').length;
  if (letters < 4 || letters / text.length < 0.7 || /[?!]$/u.test(text)) return undefined;
  const cased = text === text.toUpperCase() && text.length > 6 ? text.toLowerCase() : text;
  return cased.charAt(0).toUpperCase() + cased.slice(1);
}

function groupBy<T>(list: readonly T[], key: (item: T) => string | undefined): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const name = key(item);
    if (name === undefined) continue;
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return groups;
}

/** A phrase that ends in an adjective or participle waits for its noun: "activities related", "local ecological". */
const ENDS_OPEN =
  /(?:\p{L}{3,}(?:ed|ical|ious|able|ible|ful|ental|ional|logical|istic|ative)|local|global|social|related)$/u;

/** A phrase that mostly goes on in the same way is half of one: “mobile sensor” of “mobile sensor networks”. */
const GOES_ON = 0.6;

/** Two- and three-word phrases without function words that recur in the group more than outside it, 0..1. */
function sharedPhrases(group: readonly RankedSentence[], everything: readonly RankedSentence[]): Map<string, number> {
  const inside = countPhrases(group);
  const outside = countPhrases(everything);
  const scores = new Map<string, number>();
  const goesOn = new Set(
    [...inside].flatMap(([phrase, count]) => {
      const start = phrase.split(' ').slice(0, 2).join(' ');
      return start !== phrase && count >= GOES_ON * (inside.get(start) ?? 0) ? [start] : [];
    }),
  );
  for (const [phrase, count] of inside) {
    if (count < 2 || goesOn.has(phrase) || tokenize(phrase).every((term) => EMPTY_HEADINGS.has(term))) continue;
    const share = count / group.length;
    const focus = count / (outside.get(phrase) ?? count);
    const surface = ENDS_OPEN.test(phrase) ? withItsNoun(phrase, group) : surfaceOf(phrase, group);
    if (surface === undefined) continue;
    scores.set(surface.charAt(0).toUpperCase() + surface.slice(1), share * (0.3 + 0.7 * focus));
  }
  return scores;
}

/** "local ecological" → "local ecological knowledge", as some sentence goes on; undefined when none does with a noun. */
function withItsNoun(phrase: string, group: readonly RankedSentence[]): string | undefined {
  for (const { text } of group) {
    const at = text.toLowerCase().indexOf(`${phrase} `, 1);
    const noun = at > 0 ? /^\p{L}{3,}(?=[\s,.;)])/u.exec(text.slice(at + phrase.length + 1))?.[0] : undefined;
    if (noun && isNominal(noun.toLowerCase()) && !ENDS_OPEN.test(noun.toLowerCase()))
      return `${text.slice(at, at + phrase.length)} ${noun}`;
  }
  return undefined;
}

/** The phrase as the sentences write it: with its capitals where it is a name. */
function surfaceOf(phrase: string, group: readonly RankedSentence[]): string {
  for (const { text } of group) {
    const at = text.toLowerCase().indexOf(phrase, 1);
    if (at > 0) return text.slice(at, at + phrase.length);
  }
  return phrase;
}

function countPhrases(sentences: readonly RankedSentence[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const sentence of sentences) {
    const found = new Set<string>();
    for (const run of sentence.text.toLowerCase().split(/[^\p{L}\s'’-]+/u)) {
      const list = run.trim().split(/\s+/u);
      for (let i = 0; i < list.length; i++) {
        for (const size of [2, 3]) {
          const words = list.slice(i, i + size);
          if (words.length === size && words.every(isNominal)) found.add(words.join(' '));
        }
      }
    }
    for (const phrase of found) counts.set(phrase, (counts.get(phrase) ?? 0) + 1);
  }
  return counts;
}

/** Not a function word, an adverb or a plain verb form: a phrase of such words reads as a heading. */
const isNominal = (word: string) =>
  word.length > 2 && !STOP_WORDS.has(word) && !NOT_NOMINAL.has(word) && !/ly$/u.test(word);

const NOT_NOMINAL = new Set(
  `however many much also use uses used using one two three four five first second new several different several given
   found show shows shown make makes made not without within between among across per even often well less than yet
   still since because although though while whereas found reported reports based become becomes get gets like because
   via through during toward towards cannot can could may might must should would will measured compared called known take takes need needs occur occurs include includes provide provides remain remains
   seem seems suggest suggests north south east west northern southern eastern western`.split(/\s+/u),
);

const alike = (a: string, b: string) => {
  const left = new Set(tokenize(a));
  const right = new Set(tokenize(b));
  const shared = [...left].filter((term) => right.has(term)).length;
  return shared / Math.max(1, Math.min(left.size, right.size)) > 0.7;
};
