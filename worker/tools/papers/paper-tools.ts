/** What the stages find, fetch and read papers with, chosen by the composition root of the worker. */
import type { SearchServiceName } from '../../../src/kinds/research/connector-name.js';
import type { PaperEngineName } from '../../../src/papers/paper-engine-name.js';
import { AppError } from '../../../src/platform/errors.js';
import type { PaperFetcher } from '../connectors/fetch-paper.js';
import type { SourceConnector } from '../connectors/source-connector.js';
import type { PaperEngine } from './paper-engine.js';

export interface PaperTools {
  /** The standard engine for null. Errors: UNAVAILABLE, for good, when this worker does not have it. */
  engine(name: PaperEngineName | null): PaperEngine;
  fetcher: PaperFetcher;
  /** Where research may look for papers outside of the library: those the operator allows. */
  connectors: ReadonlyMap<SearchServiceName, SourceConnector>;
  /** Those that are not allowed too: to read a record with, which asks nobody. */
  everyConnector: ReadonlyMap<SearchServiceName, SourceConnector>;
  maxPages: number; // of one paper
}

export interface PaperToolsOptions {
  standard: PaperEngineName;
  engines: Partial<Record<PaperEngineName, PaperEngine>>;
  fetcher: PaperFetcher;
  connectors?: readonly SourceConnector[]; // none when absent
  everyConnector?: readonly SourceConnector[]; // those of `connectors` when absent
  maxPages: number;
}

const byName = (connectors: readonly SourceConnector[]) =>
  new Map(connectors.map((connector) => [connector.name, connector]));

export function createPaperTools(options: PaperToolsOptions): PaperTools {
  const { standard, engines, fetcher, connectors = [], everyConnector = connectors, maxPages } = options;
  return {
    fetcher,
    connectors: byName(connectors),
    everyConnector: byName(everyConnector),
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
