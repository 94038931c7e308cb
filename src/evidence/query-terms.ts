/**
 * A question as weighted terms, and its expansion by relevance feedback (RM3): the terms that the best texts of a
 * first search have in common are added to the question, so that a text which uses other words for the same thing is
 * found too.
 */
import { FEEDBACK_TERMS, QUESTION_SHARE } from './bm25.js';
import { termFrequencies, tokenize } from './tokenize.js';

/** Term → weight. Weights of a question sum to its number of terms; those of an expansion too. */
export type QueryTerms = ReadonlyMap<string, number>;

const MAX_QUESTION_TERMS = 128; // a longer text is a document, not a question; the rarest terms would drown anyway

export function questionTerms(question: string): QueryTerms {
  return termFrequencies(tokenize(question).slice(0, MAX_QUESTION_TERMS));
}

/** A text that answers the question well, as a bag of terms. */
export interface FeedbackText {
  terms: ReadonlyMap<string, number>; // how often each
  length: number; // sum of them
  score: number;
}

export function feedbackText(text: string, score: number): FeedbackText {
  const terms = tokenize(text);
  return { terms: termFrequencies(terms), length: terms.length, score };
}

/**
 * RM3 over `feedback`, best first. A text counts by e^(score − best score): BM25 scores read as log-odds, so that
 * feedback from a poor match stays weak.
 */
export function expandTerms(question: QueryTerms, feedback: readonly FeedbackText[]): QueryTerms {
  const best = feedback[0]?.score;
  if (best === undefined) return question;
  const relevance = new Map<string, number>();
  for (const { terms, length, score } of feedback) {
    for (const [term, tf] of terms) {
      if (/^\d/.test(term)) continue; // a number of one text is no topic of another
      relevance.set(term, (relevance.get(term) ?? 0) + (Math.exp(score - best) * tf) / length);
    }
  }
  return mixTerms(question, relevance);
}

/** RM3's mixture of a question and of the terms that its best texts hold most, by how much. */
export function mixTerms(question: QueryTerms, relevance: ReadonlyMap<string, number>): QueryTerms {
  if (relevance.size === 0) return question;
  const chosen = [...relevance].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, FEEDBACK_TERMS);
  const mass = chosen.reduce((sum, [, weight]) => sum + weight, 0);
  const length = [...question.values()].reduce((sum, weight) => sum + weight, 0);
  const expanded = new Map([...question].map(([term, weight]) => [term, QUESTION_SHARE * weight]));
  for (const [term, weight] of chosen) {
    expanded.set(term, (expanded.get(term) ?? 0) + (length * (1 - QUESTION_SHARE) * weight) / mass);
  }
  return expanded;
}
