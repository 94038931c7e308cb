/**
 * Asks the services that a run names, all at once, and tells the timeline what each answered. One that fails is an
 * uncertainty of the run, never its end: whether enough evidence stays is judged later.
 */
import type { ConnectorName } from '../../../src/kinds/research/connector-name.js';
import { AppError } from '../../../src/platform/errors.js';
import type { StageContext } from '../../engine/stage.js';
import type { MergedWork } from '../../tools/connectors/merge-found-works.js';
import { searchEverywhere } from '../../tools/connectors/search-everywhere.js';
import { askLibrary } from '../../tools/exchanges/ask-library.js';
import type { RunUncertainty } from './checkpoints.js';
import { sourceLimit } from './search-library.js';

export interface AskedConnectors {
  works: MergedWork[]; // best first, each once
  uncertainties: RunUncertainty[];
  /** Of a service that may answer later. */
  passing: AppError | null;
}

const MAX_WORKS_EACH = 50; // a page of each service, or two

export async function askConnectors(
  ctx: StageContext,
  question: string,
  names: readonly ConnectorName[],
): Promise<AskedConnectors> {
  const services = names.filter((name) => name !== 'LIBRARY');
  if (services.length === 0) return { works: [], uncertainties: [], passing: null };
  const { papers } = ctx.services;
  const allowed = await askLibrary({ operation: 'services', about: services }, async () =>
    services.filter((name) => papers.connectors.has(name)),
  );
  const known = allowed.map((name) => papers.everyConnector.get(name) ?? unknownTo(name));
  const uncertainties: RunUncertainty[] = services
    .filter((name) => !allowed.includes(name))
    .map((name) => ({ code: 'CONNECTOR_FAILED', message: `${name} was not asked: this worker is not allowed to.` }));
  const limit = Math.min(sourceLimit(ctx), MAX_WORKS_EACH);
  for (const { name } of known)
    ctx.emit({ type: 'TOOL_CALLED', message: `Asking ${name}.`, payload: { tool: name, input: { limit } } });
  const answer = await searchEverywhere(known, question, { limit, signal: ctx.signal });
  for (const { name, found, durationMs, failure } of answer.services) {
    const summary = `${found} ${found === 1 ? 'work' : 'works'}`;
    ctx.emit({ type: 'TOOL_RETURNED', message: `${name}: ${summary}.`, payload: { tool: name, durationMs, summary } });
    if (failure)
      uncertainties.push({
        code: 'CONNECTOR_FAILED',
        message: `${name} could not be asked to the end, so sources may be missing: ${failure.message}`,
      });
  }
  for (const uncertainty of uncertainties) tellUncertainty(ctx, uncertainty);
  const passing = answer.services.map(({ failure }) => failure).find((failure) => failure?.retryable) ?? null;
  return { works: answer.works, uncertainties, passing };
}

/** Its answers are on the record, but nothing here can read them. */
function unknownTo(name: ConnectorName): never {
  throw new AppError('UNAVAILABLE', `This worker has no connector for ${name}, which the run it replays has asked.`, {
    hint: 'Let a worker with the standard connectors run the replay.',
  });
}

export const tellUncertainty = (ctx: Pick<StageContext, 'emit'>, { code, message }: RunUncertainty): void =>
  ctx.emit({ type: 'UNCERTAINTY_FOUND', level: 'WARN', message, payload: { code, page: null } });
