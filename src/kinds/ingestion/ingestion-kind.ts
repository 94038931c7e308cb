/**
 * INGESTION: a document becomes a paper that can be searched and cited. The kind's declaration, which the API starts runs
 * by and the worker must have a pipeline for.
 */
import type { RunKindDeclaration } from '../../runs/run-kind.js';

export const INGESTION_STAGES = ['fetch', 'extract', 'structure', 'index'] as const;
export type IngestionStage = (typeof INGESTION_STAGES)[number];

const MINUTE_MS = 60_000;

export const INGESTION: RunKindDeclaration<IngestionStage> = {
  kind: 'INGESTION',
  stages: INGESTION_STAGES,
  keyScope: 'PAPERS_WRITE',
  limits: { wallMs: 10 * MINUTE_MS, modelTokens: null, costUsd: null, sources: null, artifactBytes: null },
};
