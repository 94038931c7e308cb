/**
 * Answers from a record and from nothing else: no call is ever made. The n-th request of a kind and content in a stage is
 * given what the n-th was given then, a failure too. What the record does not have is NOT_RECORDED, and says what was asked.
 */
import { contentKey, sha256Of } from '../../../src/platform/blobs/blob-key.js';
import type { BlobStore } from '../../../src/platform/blobs/blob-store.js';
import { AppError, isAppError } from '../../../src/platform/errors.js';
import type { RunExchange } from '../../../src/runs/run-exchange.js';
import { canonicalRequest, type ExchangeRequest, type Exchanges } from './exchanges.js';
import { fromRecord } from './recorded-failure.js';

export interface Replay extends Exchanges {
  /** The error is one that the record has, or follows from one: trying again would give it again. */
  isRecorded(error: unknown): boolean;
}

export interface ReplayOptions {
  blobs: BlobStore;
  tenantId: string;
  stage: string;
  signal: AbortSignal;
}

const SHOWN_CHARS = 200; // of what was asked, in a message

export function replayExchanges(record: readonly RunExchange[], options: ReplayOptions): Replay {
  const { blobs, tenantId, stage, signal } = options;
  const nameOf = (sha256: string, occurrence: number) => `${sha256} ${occurrence}`;
  const known = new Map(record.map((exchange) => [nameOf(exchange.requestSha256, exchange.occurrence), exchange]));
  const asked = new Map<string, number>();
  const told = new WeakSet<Error>();
  let fault: Error | null = null;
  const failWith = (error: unknown): never => {
    fault ??= error as Error;
    throw error;
  };

  async function readBody(request: ExchangeRequest, sha256: string, bytes: number): Promise<Buffer> {
    try {
      return await blobs.read(contentKey(tenantId, sha256), bytes, { signal });
    } catch (error) {
      if (signal.aborted) throw error;
      return failWith(isAppError(error) && error.code === 'NOT_FOUND' ? notRecorded(stage, request) : error);
    }
  }

  return {
    isReplay: true,
    async ask(request) {
      signal.throwIfAborted();
      const sha256 = sha256Of(canonicalRequest(request));
      const occurrence = asked.get(sha256) ?? 0;
      asked.set(sha256, occurrence + 1);
      const found = known.get(nameOf(sha256, occurrence));
      if (!found) return failWith(notRecorded(stage, request));
      if (found.responseSha256 !== null) {
        const body = await readBody(request, found.responseSha256, found.responseBytes ?? 0);
        return { status: found.status, about: found.response, body };
      }
      if (!found.failure) return failWith(notRecorded(stage, request));
      const failure = fromRecord(found.failure);
      told.add(failure);
      throw failure;
    },
    isRecorded(error) {
      for (let at = error; at instanceof Error; at = at.cause) if (told.has(at)) return true;
      return false;
    },
    get fault() {
      return fault;
    },
  };
}

/** The stage has asked for something that the run it replays did not ask, or whose answer is gone. */
export function notRecorded(stage: string, request: Pick<ExchangeRequest, 'kind' | 'summary'> | null): AppError {
  const what = request && `${request.kind} ${Object.values(request.summary).join(' ')}`.slice(0, SHOWN_CHARS);
  const message = what
    ? `The record of the stage ${stage} has no answer to what was asked: ${what}.`
    : `The record of the stage ${stage} is not whole.`;
  return new AppError('NOT_RECORDED', message, {
    details: { stage, ...(request && { kind: request.kind, request: request.summary }) },
    hint: 'A replay asks nobody. Start a new run of the same question, or fork the original from this stage.',
  });
}
