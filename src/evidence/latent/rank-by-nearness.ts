/** Ranks what words found anew, by their scores and by nearness to the question in the project's latent space alike. */
import type { Em } from '../../platform/database/database.js';
import { questionTerms } from '../query-terms.js';
import { fuseScores } from './fuse-scores.js';
import { type Question, questionVector } from './latent-similarity.js';

/** How near the candidates stand to a question, in their order. */
export type MeasureNearness<T> = (em: Em, question: Question, candidates: readonly T[]) => Promise<number[]>;

/** Best first, ties by `idOf`. As they came, when the project has no space or it knows no word of the question. */
export async function rankByNearness<T extends { score: number }>(
  em: Em,
  search: { projectId: string; query: string },
  candidates: readonly T[],
  { measure, idOf }: { measure: MeasureNearness<T>; idOf: (candidate: T) => string },
): Promise<T[]> {
  const question = await questionVector(em, search.projectId, questionTerms(search.query));
  if (question === null || candidates.length === 0) return [...candidates];
  const nearness = await measure(em, question, candidates);
  const scores = fuseScores(
    candidates.map(({ score }) => score),
    nearness,
  );
  return candidates
    .map((candidate, index) => ({ ...candidate, score: scores[index] ?? 0 }))
    .sort((a, b) => b.score - a.score || (idOf(a) < idOf(b) ? -1 : 1));
}
