/**
 * The port through which a run's tools meet the world: each question and its answer pass here, so that they can be recorded,
 * and answered from a record later. Which run asks is known from where the call comes from (its asynchronous context), not
 * from a parameter: tools are shared by all runs of a process with their lanes and caches, and none can forget to record.
 *
 * Outside of a recorded stage there is no `currentExchanges`, and tools ask as if there were no record.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { ExchangeKind } from '../../../src/runs/run-exchange.js';

export interface ExchangeRequest {
  kind: ExchangeKind;
  /** JSON-safe, always in the same order of fields, without secrets. Two requests are the same when this is. */
  asked: unknown;
  /** A few facts of it for people; they too without secrets. */
  summary: Record<string, string>;
}

export interface ExchangeAnswer {
  status: number | null; // of HTTP
  about: Record<string, unknown> | null; // what is known of the body, JSON-safe, without secrets
  body: Uint8Array; // without secrets
}

export interface Exchanges {
  /**
   * The answer that `call` gives, or that the record has: then `call` is not made. Fails as `call` does or did, and with
   * whatever keeps the record from being written or read; that is kept in `fault` too, because a tool may take it for a
   * failure of its service.
   */
  ask(request: ExchangeRequest, call: () => Promise<ExchangeAnswer>): Promise<ExchangeAnswer>;
  /** Answers come from a record: nothing outside is asked, and nothing is learned of it. */
  readonly isReplay: boolean;
  /** Why the stage must not be believed: its record cannot be kept, or does not have what was asked. Null: nothing. */
  readonly fault: Error | null;
}

const current = new AsyncLocalStorage<Exchanges>();

/** Those of the stage that the caller works for; undefined outside of one. */
export const currentExchanges = (): Exchanges | undefined => current.getStore();

/** Whatever `work` calls, now or later, asks through these. */
export const askingThrough = <T>(exchanges: Exchanges, work: () => Promise<T>): Promise<T> =>
  current.run(exchanges, work);

/** For tools that answer in text: recorded, or from the record, where the caller's stage has one. */
export async function askForText(
  request: ExchangeRequest & { status?: number },
  call: () => Promise<string>,
): Promise<string> {
  const exchanges = currentExchanges();
  if (!exchanges) return call();
  const { status = null, ...asked } = request;
  const { body } = await exchanges.ask(asked, async () => ({ status, about: null, body: Buffer.from(await call()) }));
  return Buffer.from(body).toString('utf8');
}

/** The bytes of a request whose hash is its key. */
export const canonicalRequest = ({ kind, asked }: ExchangeRequest): Buffer =>
  Buffer.from(JSON.stringify([kind, asked]), 'utf8');
