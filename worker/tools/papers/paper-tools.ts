/** What the stages of INGESTION read papers with, chosen by the composition root of the worker. */
import type { PaperEngineName } from '../../../src/papers/paper-engine-name.js';
import { AppError } from '../../../src/platform/errors.js';
import type { PaperFetcher } from '../connectors/fetch-paper.js';
import type { PaperEngine } from './paper-engine.js';

export interface PaperTools {
  /** The standard engine for null. Errors: UNAVAILABLE, for good, when this worker does not have it. */
  engine(name: PaperEngineName | null): PaperEngine;
  fetcher: PaperFetcher;
  maxPages: number; // of one paper
}

export interface PaperToolsOptions {
  standard: PaperEngineName;
  engines: Partial<Record<PaperEngineName, PaperEngine>>;
  fetcher: PaperFetcher;
  maxPages: number;
}

export function createPaperTools({ standard, engines, fetcher, maxPages }: PaperToolsOptions): PaperTools {
  return {
    fetcher,
    maxPages,
    engine(name) {
      const engine = engines[name ?? standard];
      if (engine) return engine;
      throw new AppError('UNAVAILABLE', `This worker has no ${name ?? standard} to read papers with.`, {
        hint: 'Set GROBID_URL for the worker, or take the paper in without naming an engine.',
      });
    },
  };
}
