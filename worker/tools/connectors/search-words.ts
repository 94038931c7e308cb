/** What of a question is sent to a service: its words. No operators, so a question can never be a command to a search. */
import { STOP_WORDS } from '../../../src/evidence/stop-words.js';

const MAX_WORDS = 30; // services cut or refuse longer queries
const WORD = /[\p{L}\p{N}]+(?:[-'’.][\p{L}\p{N}]+)*/gu;
const OPERATOR = /^(?:AND|OR|NOT|ANDNOT)$/; // only in capitals
const ADDRESS = /\bhttps?:\/\/\S+/giu;

/** In order, each once; without addresses. Those that say nothing are left out, unless nothing else is there. */
export function searchWords(query: string): string[] {
  const all = [...query.replace(ADDRESS, ' ').matchAll(WORD)].map(([word]) =>
    OPERATOR.test(word) ? word.toLowerCase() : word.replaceAll('’', "'"),
  );
  const telling = all.filter((word) => !STOP_WORDS.has(word.toLowerCase()));
  const seen = new Set<string>();
  return (telling.length > 0 ? telling : all)
    .filter((word) => {
      const isNew = !seen.has(word.toLowerCase());
      seen.add(word.toLowerCase());
      return isNew;
    })
    .slice(0, MAX_WORDS);
}
