/** Asks several services at once; one that fails leaves the others, and what it had found before, as they are. */
import type { SearchServiceName } from '../../../src/kinds/research/connector-name.js';
import { type AppError, isAppError } from '../../../src/platform/errors.js';
import { type MergedWork, mergeFoundWorks } from './merge-found-works.js';
import type { FoundWork, SearchOptions, SourceConnector } from './source-connector.js';

export interface SearchedService {
  name: SearchServiceName;
  found: number;
  durationMs: number;
  failure: AppError | null;
}

export interface SearchedEverywhere {
  works: MergedWork[]; // best first, each once
  services: SearchedService[]; // in the order of the connectors
}

/** `limit` is that of each service. Rejects only with the signal's reason, or with what is a fault of this program. */
export async function searchEverywhere(
  connectors: readonly SourceConnector[],
  query: string,
  options: SearchOptions,
): Promise<SearchedEverywhere> {
  const answers = await Promise.all(connectors.map((connector) => searchOne(connector, query, options)));
  return { works: mergeFoundWorks(answers.map(({ works }) => works)), services: answers.map(({ service }) => service) };
}

async function searchOne(connector: SourceConnector, query: string, options: SearchOptions) {
  const works: FoundWork[] = [];
  const startedAt = performance.now();
  let failure: AppError | null = null;
  try {
    for await (const work of connector.search(query, options)) works.push(work);
  } catch (error) {
    options.signal.throwIfAborted();
    if (!isAppError(error)) throw error;
    failure = error;
  }
  const durationMs = Math.round(performance.now() - startedAt);
  return { works, service: { name: connector.name, found: works.length, durationMs, failure } };
}
