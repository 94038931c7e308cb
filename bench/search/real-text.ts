/**
 * The material of a synthetic library: the words of real texts, each text a topic with its own frequencies, and the
 * questions that real people asked about them. Words are drawn, not sentences, so that no two passages are alike while
 * frequencies stay those of language (Zipf), and terms keep the company they keep in the texts.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tokenize } from '../../src/evidence/tokenize.js';
import { readCollection } from '../retrieval/beir-collection.js';

export interface Vocabulary {
  words: string[];
  terms: (string | null)[]; // parallel to words: the index term; null for a stop word
  topics: Int32Array[]; // of each text its words in order, as places in `words`
  questions: string[];
}

const WORD = /\p{L}[\p{L}\p{N}-]*/gu;
const MIN_TOPIC_WORDS = 40; // fewer give no distribution
const MIN_QUESTION_WORDS = 4;

/** From folders of test collections (BEIR's layout) and of Markdown; those that are missing are left out. */
export function readVocabulary(folders: readonly string[]): Vocabulary {
  const texts: string[] = [];
  const questions: string[] = [];
  for (const folder of folders.filter((each) => existsSync(each))) {
    const collection = readCollection(folder);
    texts.push(...(collection?.documents.map(({ title, text }) => `${title}. ${text}`) ?? markdownIn(folder)));
    questions.push(...(collection?.queries.map(({ text }) => text) ?? markdownIn(folder).flatMap(headings)));
  }
  const places = new Map<string, number>();
  const terms: (string | null)[] = [];
  const placeOf = (word: string): number => {
    const known = places.get(word);
    if (known !== undefined) return known;
    places.set(word, terms.length);
    return terms.push(tokenize(word)[0] ?? null) - 1;
  };
  const topics = texts.map((text) =>
    Int32Array.from([...text.toLowerCase().matchAll(WORD)].map(([word]) => placeOf(word))),
  );
  return {
    words: [...places.keys()],
    terms,
    topics: topics.filter(({ length }) => length >= MIN_TOPIC_WORDS),
    questions: questions.filter((question) => question.split(' ').length >= MIN_QUESTION_WORDS),
  };
}

const markdownIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'));

const headings = (markdown: string): string[] => [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => title);
