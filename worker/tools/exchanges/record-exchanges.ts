/**
 * Keeps a record of what a stage's attempt asks. Request and answer are stored as blobs at once; the list that names them is
 * for whoever settles the attempt. A failure of a tool is an answer too: it shaped what the run did next. A call that was
 * broken off by a stop of the stage leaves nothing, and neither does a fault of the program.
 */
import { sha256Of } from '../../../src/platform/blobs/blob-key.js';
import { type BlobStore, putContent } from '../../../src/platform/blobs/blob-store.js';
import { type ErrorCode, isAppError } from '../../../src/platform/errors.js';
import type { RunExchange } from '../../../src/runs/run-exchange.js';
import { canonicalRequest, type ExchangeAnswer, type ExchangeRequest, type Exchanges } from './exchanges.js';
import { toRecord } from './recorded-failure.js';

export interface Recorder extends Exchanges {
  /** Those that have ended, in the order in which they were asked. */
  readonly exchanges: readonly RunExchange[];
}

export interface RecorderOptions {
  blobs: BlobStore;
  tenantId: string;
  signal: AbortSignal;
  clock: () => Date;
}

/** Of the engine, not of a tool. */
const NO_ANSWERS = new Set<ErrorCode>(['INTERNAL', 'STALE_FENCE', 'CANCELED']);

export function recordExchanges({ blobs, tenantId, signal, clock }: RecorderOptions): Recorder {
  const slots: (RunExchange | null)[] = []; // a place is taken when a request is made: answers come out of order
  const asked = new Map<string, number>(); // how often, by hash
  let fault: Error | null = null;
  const store = async (bytes: Uint8Array) => {
    try {
      return await putContent(blobs, tenantId, bytes, { signal });
    } catch (error) {
      if (!signal.aborted) fault ??= error as Error;
      throw error;
    }
  };

  async function ask(request: ExchangeRequest, call: () => Promise<ExchangeAnswer>): Promise<ExchangeAnswer> {
    const canonical = canonicalRequest(request);
    const requestSha256 = sha256Of(canonical);
    const occurrence = asked.get(requestSha256) ?? 0;
    asked.set(requestSha256, occurrence + 1);
    const place = slots.push(null) - 1;
    const base = { occurrence, kind: request.kind, requestSha256, request: request.summary };
    const recordedAt = clock().toISOString();
    try {
      const answer = await call();
      const [body] = await Promise.all([store(answer.body), store(canonical)]);
      slots[place] = {
        ...base,
        status: answer.status,
        response: answer.about,
        responseSha256: body.sha256,
        responseBytes: body.bytes,
        failure: null,
        recordedAt,
      };
      return answer;
    } catch (error) {
      if (signal.aborted || fault || !isAppError(error) || NO_ANSWERS.has(error.code)) throw error;
      await store(canonical);
      const { status } = error.details;
      slots[place] = {
        ...base,
        status: typeof status === 'number' ? status : null,
        response: null,
        responseSha256: null,
        responseBytes: null,
        failure: toRecord(error),
        recordedAt,
      };
      throw error;
    }
  }

  return {
    ask,
    isReplay: false,
    get fault() {
      return fault;
    },
    get exchanges() {
      return slots.filter((slot) => slot !== null);
    },
  };
}
