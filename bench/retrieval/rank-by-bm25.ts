/**
 * The baseline: plain BM25 (k1 1.2, b 0.75: Robertson & Zaragoza 2009) over title and text as one bag, in memory, with the
 * product's index terms. No feedback, no fields, no vectors.
 */
import { termFrequencies, tokenize } from '../../src/evidence/tokenize.js';
import type { Collection } from './beir-collection.js';
import type { RankedQuery } from './measure-retrieval.js';

const K1 = 1.2;
const B = 0.75;

export function rankByBm25({ documents, queries }: Collection): RankedQuery[] {
  const bags = documents.map(({ id, title, text }) => {
    const terms = tokenize(`${title}\n${text}`);
    return { id, length: terms.length, terms: termFrequencies(terms) };
  });
  const averageLength = bags.reduce((sum, { length }) => sum + length, 0) / Math.max(1, bags.length);
  const holders = new Map<string, number>();
  for (const { terms } of bags) for (const term of terms.keys()) holders.set(term, (holders.get(term) ?? 0) + 1);
  const worth = (term: string): number => {
    const df = holders.get(term) ?? 0;
    return Math.log(1 + (bags.length - df + 0.5) / (df + 0.5));
  };
  return queries.map((query) => {
    const asked = [...termFrequencies(tokenize(query.text))].map(
      ([term, weight]) => [term, weight * worth(term)] as const,
    );
    const scored = bags.map(({ id, length, terms }) => {
      const norm = K1 * (1 - B + (B * length) / averageLength);
      const score = asked.reduce((sum, [term, weight]) => {
        const tf = terms.get(term) ?? 0;
        return sum + (weight * tf * (K1 + 1)) / (tf + norm);
      }, 0);
      return { id, score };
    });
    return { id: query.id, documents: scored.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score) };
  });
}
