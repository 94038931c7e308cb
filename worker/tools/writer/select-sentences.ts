/**
 * Which sentences make a section: relevant first, but each new one must add something (maximal marginal relevance), and
 * no single source may do all the talking while others have something to say.
 */

import type { RankedSentence } from './rank-sentences.js';
import { cosine, overlap } from './similarity.js';

const NOVELTY = 0.45; // weight of novelty against relevance
const REPEAT = 0.62; // cosine from which two sentences say the same to a reader
const SOURCE_FATIGUE = 0.06; // taken off for every sentence the source already has in the report

const ELSEWHERE_BONUS = 0.06; // what a further source says or denies weighs more than what one alone says

const MAX_FROM_ONE_SOURCE = 16; // in the whole report: who wants more of one paper had better read it

/** Up to `limit` sentences out of `pool`, given what the report already says; in order of choice. */
export function selectSentences(
  pool: readonly RankedSentence[],
  already: readonly RankedSentence[],
  limit: number,
  weight: (term: string) => number,
  isElsewhere: (sentence: RankedSentence) => boolean = () => false,
): RankedSentence[] {
  const best = Math.max(1e-9, ...pool.map((sentence) => sentence.relevance));
  const chosen: RankedSentence[] = [];
  let open = pool.filter((sentence) => !already.some((other) => other.id === sentence.id));
  while (chosen.length < limit && open.length > 0) {
    const told = [...already, ...chosen];
    const scored = open
      .map((sentence) => {
        const likeness = Math.max(0, ...told.map((other) => cosine(sentence.terms, other.terms, weight)));
        const heard = told.filter((other) => other.snippet.sourceId === sentence.snippet.sourceId).length;
        return {
          sentence,
          likeness,
          heard,
          score:
            sentence.relevance / best -
            NOVELTY * likeness -
            SOURCE_FATIGUE * heard +
            (isElsewhere(sentence) ? ELSEWHERE_BONUS : 0),
        };
      })
      .filter(({ likeness, heard }) => likeness < REPEAT && heard < MAX_FROM_ONE_SOURCE)
      .filter(({ sentence }) => !told.some((other) => isWithin(sentence, other)))
      .sort((a, b) => b.score - a.score || (a.sentence.id < b.sentence.id ? -1 : 1));
    const next = scored[0];
    if (!next) break;
    chosen.push(next.sentence);
    open = scored.slice(1).map(({ sentence }) => sentence);
  }
  return chosen;
}

const WITHIN = 0.85; // of the words of the shorter of two sentences of one source

/** Its own source has said as much in more words, or will say it in fewer. */
const isWithin = (sentence: RankedSentence, other: RankedSentence) =>
  sentence.snippet.sourceId === other.snippet.sourceId && overlap(sentence.terms, other.terms) >= WITHIN;
