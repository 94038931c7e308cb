/**
 * RESEARCH: a question becomes a cited report. The kind's declaration, which the API starts runs by and the worker must
 * have a pipeline for.
 */
import type { RunKindDeclaration } from '../../runs/run-kind.js';

export const RESEARCH_STAGES = ['retrieve', 'ingest', 'outline', 'draft', 'validate', 'factcheck', 'export'] as const;
export type ResearchStage = (typeof RESEARCH_STAGES)[number];

const MINUTE_MS = 60_000;

export const RESEARCH: RunKindDeclaration<ResearchStage> = {
  kind: 'RESEARCH',
  stages: RESEARCH_STAGES,
  limits: { wallMs: 10 * MINUTE_MS, modelTokens: null, costUsd: null, sources: 20, artifactBytes: null },
};

/** The kind of input request with which an outline waits for approval. */
export const OUTLINE_APPROVAL = 'OUTLINE_APPROVAL';
