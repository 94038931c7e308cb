/**
 * From snippets to sentences that may be quoted. Snippets overlap and repeat: a sentence is known by where it stands,
 * and is read once. Sentences that cannot stand alone are left out and counted by reason.
 */
import { createHash } from 'node:crypto';
import { type SentenceKind, splitSentences } from '../../../src/evidence/sentences.js';
import { tokenize } from '../../../src/evidence/tokenize.js';
import { impliedBy, readAliases } from './aliases.js';
import { checkFidelity } from './check-fidelity.js';
import type { EvidenceSnippet } from './evidence-snippet.js';
import { ownNames, praisesOwnWork } from './own-work.js';
import {
  type Defect,
  findDefect,
  isAdministrativeHeading,
  readability,
  speaksAsAuthors,
  speaksOfItsWork,
} from './sentence-quality.js';
import { type Assertion, readAssertion } from './stance.js';
import { tidyQuote } from './tidy-quote.js';
import { words } from './words.js';

export interface Candidate {
  /** Where it stands: the same sentence has the same id in every stage and every run over the same snapshots. */
  id: string;
  snippet: EvidenceSnippet;
  /** Verbatim bytes of the snapshot at [startOffset, endOffset). */
  quote: string;
  startOffset: number;
  endOffset: number;
  /** 1-based page the sentence starts on, where the original has pages. */
  page: number | null;
  /** The quote made readable; see tidy-quote. */
  text: string;
  /** True when the sentence speaks as its authors and needs their name before it. */
  attributed: boolean;
  /** Distinct stems of the sentence. */
  terms: ReadonlySet<string>;
  /** The same, and what its source's short names among them stand for: what the sentence speaks of. */
  spoken: ReadonlySet<string>;
  /** Distinct stems of the heading it stands under and of its source's title. */
  headingTerms: ReadonlySet<string>;
  titleTerms: ReadonlySet<string>;
  assertion: Assertion;
  readability: number;
}

export interface CandidateReading {
  candidates: Candidate[];
  /** Sentences read, candidates and refused ones together. */
  sentences: number;
  refused: Partial<Record<Defect, number>>;
}

/** Reads every sentence of every snippet once. Order: by source as retrieved, then by place. */
export function readCandidates(snippets: readonly EvidenceSnippet[]): CandidateReading {
  const byPlace = new Map<string, Candidate>();
  const seen = new Set<string>();
  const refused: Partial<Record<Defect, number>> = {};
  const vocabulary = new Set(
    snippets.flatMap(({ text }) => (text.match(WHOLE_WORD) ?? []).map((word) => word.toLowerCase())),
  );
  const titles = new Map(snippets.map(({ sourceId, sourceTitle }) => [sourceId, sourceTitle]));
  const texts = textsBySource(snippets);
  const aliases = new Map(
    Array.from(texts, ([sourceId, list]) => [sourceId, readAliases([titles.get(sourceId) ?? '', ...list])]),
  );
  const made = new Map(Array.from(texts, ([sourceId, list]) => [sourceId, ownNames(titles.get(sourceId) ?? '', list)]));
  for (const snippet of snippets) {
    const setAside = isAdministrativeHeading(snippet.heading ?? '');
    const headingTerms = new Set(tokenize(snippet.heading ?? ''));
    const short = aliases.get(snippet.sourceId) ?? NONE;
    const titled = new Set(tokenize(snippet.sourceTitle));
    const titleTerms = new Set([...titled, ...impliedBy(titled, short)]);
    const titleRuns = runsOf(snippet.sourceTitle);
    for (const sentence of splitSentences(snippet.text, snippet.startOffset)) {
      const id = sentenceId(snippet.snapshotSha256, sentence.startOffset, sentence.endOffset);
      if (seen.has(id)) continue;
      seen.add(id);
      const text = tidyQuote(sentence.text);
      const defect =
        (setAside ? 'ADMINISTRATIVE' : undefined) ??
        (namesItsAuthor(text, snippet) ? 'ADMINISTRATIVE' : undefined) ??
        (isProse(sentence.kind) ? findDefect(text) : 'FRAGMENT') ??
        (hasRunningHeader(text, titleRuns) || isTornWord(text, vocabulary) || isMisread(text, sentence.text)
          ? 'DEBRIS'
          : undefined);
      if (defect !== undefined) {
        refused[defect] = (refused[defect] ?? 0) + 1;
        continue;
      }
      const terms = new Set(tokenize(text));
      byPlace.set(id, {
        id,
        snippet,
        quote: sentence.text,
        startOffset: sentence.startOffset,
        endOffset: sentence.endOffset,
        page: pageOf(snippet, sentence.startOffset),
        text,
        attributed:
          speaksAsAuthors(text) ||
          speaksOfItsWork(text) ||
          praisesOwnWork(text, made.get(snippet.sourceId) ?? NO_NAMES),
        terms,
        spoken: new Set([...terms, ...impliedBy(terms, short)]),
        headingTerms,
        titleTerms,
        assertion: readAssertion(text),
        readability: readability(text),
      });
    }
  }
  return { candidates: [...byPlace.values()], sentences: seen.size, refused };
}

const NONE: ReadonlyMap<string, readonly string[]> = new Map();

const NO_NAMES: ReadonlySet<string> = new Set();

function textsBySource(snippets: readonly EvidenceSnippet[]): Map<string, string[]> {
  const texts = new Map<string, string[]>();
  for (const { sourceId, text } of snippets) {
    const known = texts.get(sourceId);
    if (known) known.push(text);
    else texts.set(sourceId, [text]);
  }
  return texts;
}

/** Tells of the people who wrote it rather than of its subject: "Emma Marshall interned with …". */
const namesItsAuthor = (text: string, { sourceAuthors }: EvidenceSnippet): boolean =>
  sourceAuthors.some((author) => author.includes(' ') && text.includes(author));

const pageOf = (snippet: EvidenceSnippet, offset: number): number | null =>
  snippet.pageStarts.findLast((start) => start.startOffset <= offset)?.page ?? snippet.page;

/** Tidying has glued words together or lost one: rather no sentence than one the factcheck must refuse. */
const isMisread = (text: string, quote: string): boolean => checkFidelity(text, quote).faults.length > 0;

const isProse = (kind: SentenceKind) => kind === 'SENTENCE' || kind === 'LIST_ITEM';

const RUN = 4; // words in a row that a sentence shares with its own title only where a page header was glued to it

const runsOf = (text: string): ReadonlySet<string> => {
  const list = words(text).map((word) => word.text);
  return new Set(list.slice(RUN - 1).map((_, index) => list.slice(index, index + RUN).join(' ')));
};

const hasRunningHeader = (text: string, titleRuns: ReadonlySet<string>): boolean =>
  [...runsOf(text)].some((run) => titleRuns.has(run));

/** Not the name of a function: that there is a MultiHead tears no word of “multi-head attention”. */
const WHOLE_WORD = /(?<![\p{L}-])\p{L}(?:\p{Ll}*|\p{Lu}*)(?![\p{L}-])/gu;

const LARGE_VOCABULARY = 1_500; // words; in a smaller one a rare second half proves nothing

/** "set-tings": a hyphen left from a line break, where the library has the word whole, or never its second half. */
const isTornWord = (text: string, vocabulary: ReadonlySet<string>): boolean =>
  Array.from(text.toLowerCase().matchAll(/(?<![\p{L}-])(\p{L}{2,})-(\p{L}{2,})(?![\p{L}-])/gu)).some(
    ([, left = '', right = '']) =>
      vocabulary.has(left + right) || (vocabulary.size >= LARGE_VOCABULARY && !vocabulary.has(right)),
  );

/** 12 hex digits name a sentence of a library beyond any doubt that matters (48 bits), and are short in an outline. */
const sentenceId = (sha256: string, startOffset: number, endOffset: number): string =>
  createHash('sha256').update(`${sha256}:${startOffset}:${endOffset}`).digest('hex').slice(0, 12);
