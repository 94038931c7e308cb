/**
 * Draws a synthetic source: passages of a paper's length, in the words of a few real texts that it is about, in words
 * that every text shares, and now and then in one that hardly any other has (names, formulas): a library's vocabulary
 * never stops growing.
 */
import type { Vocabulary } from './real-text.js';

export interface DrawnSnippet {
  text: string;
  terms: string[]; // in order
}

export interface DrawnSource {
  title: string;
  titleTerms: string[];
  snippets: DrawnSnippet[];
}

export const SNIPPETS_PER_SOURCE = 60; // on average: papers of six to ten thousand words
const MIN_SNIPPETS = 20;
const MIN_WORDS = 60; // as src/evidence/snippets.ts cuts them
const MAX_WORDS = 150;
const TITLE_WORDS = 10;
// Of a passage's words: what its source is about, what its section is about, and the rest from any text at all.
const OF_SOURCE = 0.35;
const OF_SECTION = 0.25;
const RARE = 0.01;
const RARE_WORDS = 2_000_000; // that could be met; drawn by a power law, so that some come again
const SECTIONS = 3;

export function drawSource({ words, terms, topics }: Vocabulary, random: () => number): DrawnSource {
  const pick = <T>(from: ArrayLike<T>): T => from[Math.floor(random() * from.length)] as T;
  const main = pick(topics);
  const sections = Array.from({ length: SECTIONS }, () => pick(topics));
  const drawPassage = (count: number, section: Int32Array): DrawnSnippet => {
    const drawn: string[] = [];
    const found: string[] = [];
    for (let i = 0; i < count; i++) {
      const chance = random();
      if (chance < RARE) {
        const rare = `x${Math.floor(RARE_WORDS * random() ** 3).toString(36)}q`;
        drawn.push(rare);
        found.push(rare);
        continue;
      }
      const topic = chance < OF_SOURCE ? main : chance < OF_SOURCE + OF_SECTION ? section : pick(topics);
      const place = pick(topic);
      drawn.push(words[place] as string);
      const term = terms[place];
      if (term) found.push(term);
    }
    return { text: `${drawn.join(' ')}.`, terms: found };
  };
  const count = MIN_SNIPPETS + Math.floor(random() * 2 * (SNIPPETS_PER_SOURCE - MIN_SNIPPETS));
  const title = drawPassage(TITLE_WORDS, main);
  return {
    title: title.text,
    titleTerms: title.terms,
    snippets: Array.from({ length: count }, (_, i) =>
      drawPassage(
        MIN_WORDS + Math.floor(random() * (MAX_WORDS - MIN_WORDS)),
        sections[Math.floor((i * SECTIONS) / count)] ?? main,
      ),
    ),
  };
}
