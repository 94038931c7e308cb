/**
 * What a piece of work is about: the ids that stand in each log line written during it, however deep, without being handed
 * down by argument. Facts travel with the asynchronous call (AsyncLocalStorage) and end with it. They are ids of our own,
 * never text from a client.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { currentTraceId } from './tracing.js';

export interface Facts {
  requestId?: string;
  tenantId?: string;
  runId?: string;
  stage?: string;
  attempt?: number;
  paperId?: string;
}

const storage = new AsyncLocalStorage<Facts>();

/** Does the work under the facts known already and these. */
export const withFacts = <T>(facts: Facts, work: () => T): T => storage.run({ ...storage.getStore(), ...facts }, work);

/** From here to the end of the present piece of work: what was learned on the way. Without one, nothing. */
export function addFacts(facts: Facts): void {
  const store = storage.getStore();
  if (store) Object.assign(store, facts);
}

/** What stands in a log line beside its message: the facts, and the trace to look it up in. */
export const lineFacts = (): Facts & { traceId: string | undefined } => ({
  ...storage.getStore(),
  traceId: currentTraceId(),
});
