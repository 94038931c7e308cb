/**
 * What a research run may take of language and embedding models, before it is started: from the sizes the worker keeps its calls to, so
 * the ceiling is one, and from what such calls are usually like. Asks nobody and starts nothing.
 */
import { type EmbeddingConfig, spaceOf } from '../../evidence/embeddings/embedding-config.js';
import { countNotEmbedded } from '../../evidence/embeddings/stored-embeddings.js';
import { SourceEntity } from '../../evidence/source.entity.js';
import { badInput } from '../../platform/errors.js';
import type { ActorContext, Services } from '../../platform/graphql/api-context.js';
import { decodeId } from '../../platform/ids.js';
import { requireProject } from '../../projects/load-project.js';
import { type RequestedBudget, toLimits } from '../../runs/budget.js';
import { type EmbeddingEstimate, estimateEmbeddings } from './estimate-embeddings.js';
import { BYTES_PER_TOKEN, CALL_SIZES, costOf, type ModelConfig, type ModelRole } from './model-config.js';
import type { StartResearch } from './start-research.js';

declare module '../../platform/graphql/api-context.js' {
  interface Services {
    /** Null: none is configured. Never the key nor the address. */
    model: Pick<ModelConfig, 'models' | 'prices'> | null;
    /** The same of the embedding model. */
    embedding: Pick<EmbeddingConfig, 'model' | 'dimensions' | 'prefixes' | 'price'> | null;
  }
}

export interface ResearchEstimate {
  /** Names of the models that would be asked, in the order of the stages; empty without a model. */
  models: string[];
  sources: number;
  calls: number;
  tokens: number;
  maxTokens: number;
  /** USD; null when nobody knows the price. */
  costUsd: number | null;
  maxCostUsd: number | null;
  fitsBudget: boolean;
}

const ASKED: readonly ModelRole[] = ['outline', 'draft', 'judge'];
/** Of the largest call: an outline of seventy sentences fills some two thirds of its prompt. */
const TYPICAL_SHARE = { prompt: 0.6, output: 0.4 } as const;

/** Fails with BAD_INPUT for a budget, NOT_FOUND for the project. */
export async function estimateResearch(ctx: ActorContext, input: StartResearch): Promise<ResearchEstimate> {
  const projectId = decodeId('proj', input.projectId);
  await requireProject(ctx, projectId);
  if (input.question.trim() === '') throw badInput('The question is empty.', { field: 'question' });
  const limits = toLimits({ ...input.budget, sources: input.maxSources ?? input.budget?.sources ?? null });
  const sources = await ctx.em.count(SourceEntity, { projectId });
  const searched = Math.min(sources, limits.sources ?? DEFAULT_SOURCES);
  const { model, embedding } = ctx.services;
  if (!embedding || searched === 0) return estimateCalls(model, limits, searched);
  const library = await countNotEmbedded(ctx.em, projectId, spaceOf(embedding));
  const vectors = estimateEmbeddings(embedding, limits, { question: input.question, library });
  return estimateCalls(model, limits, searched, vectors);
}

const DEFAULT_SOURCES = 20; // as the kind's declaration has it

interface Tokens {
  inputTokens: number;
  outputTokens: number;
}

const NOTHING: Tokens = { inputTokens: 0, outputTokens: 0 };
const add = (a: Tokens, b: Tokens): Tokens => ({
  inputTokens: a.inputTokens + b.inputTokens,
  outputTokens: a.outputTokens + b.outputTokens,
});
const total = ({ inputTokens, outputTokens }: Tokens) => inputTokens + outputTokens;

const typicalOf = (role: ModelRole): Tokens => ({
  inputTokens: Math.ceil((TYPICAL_SHARE.prompt * CALL_SIZES[role].promptBytes) / BYTES_PER_TOKEN.typical),
  outputTokens: Math.ceil(TYPICAL_SHARE.output * CALL_SIZES[role].outputTokens),
});

/** What a typical prompt must find left in the budget before it is sent. */
const reservedFor = (role: ModelRole): Tokens => ({
  inputTokens: Math.ceil((TYPICAL_SHARE.prompt * CALL_SIZES[role].promptBytes) / BYTES_PER_TOKEN.least),
  outputTokens: CALL_SIZES[role].outputTokens,
});

/** The largest prompt, and the same again with the first answer in it. */
const mostOf = (role: ModelRole): Tokens => {
  const { promptBytes, outputTokens } = CALL_SIZES[role];
  const inputTokens = Math.ceil(promptBytes / BYTES_PER_TOKEN.least);
  return { inputTokens: 2 * inputTokens + outputTokens, outputTokens: 2 * outputTokens };
};

/** The estimate for a model (null: none) and the ceilings of a run over so many sources; `vectors`: null: none are made. */
export function estimateCalls(
  model: Services['model'],
  limits: Pick<RequestedBudget, 'modelTokens' | 'costUsd'>,
  sources: number,
  vectors: EmbeddingEstimate | null = null,
): ResearchEstimate {
  const roles = !model || sources === 0 || limits.modelTokens === 0 || limits.costUsd === 0 ? [] : ASKED;
  const prices = model?.prices ?? null;
  const price = (tokens: Tokens, embedded: number) =>
    plus(
      roles.length === 0 ? 0 : prices && costOf(prices, tokens),
      vectors ? vectors.price && (embedded * vectors.price) / 1_000_000 : 0,
    );
  const { tokens: embedded, maxTokens: mostEmbedded } = vectors ?? { tokens: 0, maxTokens: 0 };
  const typical = roles.map(typicalOf).reduce(add, NOTHING);
  const most = roles.map(mostOf).reduce(add, NOTHING);
  const needed = roles.map((role, index) =>
    add(roles.slice(0, index).map(typicalOf).reduce(add, NOTHING), reservedFor(role)),
  );
  const fits = (ceiling: number | null | undefined, of: (tokens: Tokens) => number | null) =>
    ceiling == null || needed.every((tokens) => (of(tokens) ?? Number.POSITIVE_INFINITY) <= ceiling);
  return {
    models: [...(vectors ? [vectors.model] : []), ...(model ? roles.map((role) => model.models[role]) : [])],
    sources,
    calls: roles.length + (vectors?.calls ?? 0),
    tokens: total(typical) + embedded,
    maxTokens: total(most) + mostEmbedded,
    costUsd: price(typical, embedded),
    maxCostUsd: price(most, mostEmbedded),
    fitsBudget:
      fits(limits.modelTokens, (tokens) => total(tokens) + embedded) &&
      fits(limits.costUsd, (tokens) => price(tokens, embedded)),
  };
}

const plus = (one: number | null, other: number | null) => (one === null || other === null ? null : one + other);
