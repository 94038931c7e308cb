/**
 * One request to a GROBID server: a PDF in, its TEI document out, as text that has not been parsed yet. The status codes,
 * parameters and error names are those of GROBID's documentation ("GROBID Service API").
 *
 * Fails with UNAVAILABLE when the server is away, busy, slow or no GROBID; with UNREADABLE_DOCUMENT when GROBID says that
 * it cannot read this file; with the reason of `signal`. Never hands on what the server wrote: it may name its own paths.
 */
import type { AppError } from '../../../../src/platform/errors.js';
import {
  busy,
  noContent,
  notGrobid,
  refusedFile,
  refusedRequest,
  serverAway,
  serverFailed,
  tooLargeAnswer,
  tooSlow,
} from './grobid-failures.js';

export interface GrobidServer {
  url: string; // http://localhost:8070, with or without a slash at the end
  timeoutMs: number; // of the whole exchange: sending, waiting and receiving
  maxAnswerBytes: number;
  fetch: typeof fetch;
}

const PARAMETERS = {
  consolidateHeader: '0', // no look-ups elsewhere: what the paper prints, and nothing leaves this server
  consolidateCitations: '0',
  includeRawCitations: '1',
  includeRawAffiliations: '1',
  segmentSentences: '0',
};
const WITH_COORDINATES = ['ref', 'biblStruct', 'persName', 'figure', 'formula', 'head', 's', 'p', 'title'];

const MAX_COMPLAINT_BYTES = 4_096; // an error's text is one line; its name stands at the front

export async function askGrobid(server: GrobidServer, pdf: Uint8Array, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  const timeout = AbortSignal.timeout(server.timeoutMs);
  try {
    const response = await server.fetch(`${server.url.replace(/\/+$/, '')}/api/processFulltextDocument`, {
      method: 'POST',
      headers: { Accept: 'application/xml' },
      body: formWith(pdf),
      redirect: 'manual', // a paper goes to the server that was configured, and to no other
      signal: AbortSignal.any([signal, timeout]),
    });
    if (response.status === 200) return await bodyOf(response, server.maxAnswerBytes);
    throw failureOf(response, (await readUpTo(response, MAX_COMPLAINT_BYTES)).text);
  } catch (cause) {
    signal.throwIfAborted();
    if (timeout.aborted) throw tooSlow(server.timeoutMs, cause);
    throw isNetworkError(cause) ? serverAway(cause) : cause;
  }
}

function formWith(pdf: Uint8Array): FormData {
  const form = new FormData();
  form.set('input', new Blob([new Uint8Array(pdf)], { type: 'application/pdf' }), 'paper.pdf');
  for (const [name, value] of Object.entries(PARAMETERS)) form.set(name, value);
  for (const name of WITH_COORDINATES) form.append('teiCoordinates', name);
  return form;
}

/** fetch reports a refused, lost or broken connection as a TypeError, whatever it was. */
const isNetworkError = (error: unknown): boolean => error instanceof TypeError;

async function bodyOf(response: Response, limit: number): Promise<string> {
  const { text, isWhole } = await readUpTo(response, limit);
  if (!isWhole) throw tooLargeAnswer(limit);
  return text;
}

async function readUpTo(response: Response, limit: number): Promise<{ text: string; isWhole: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit) break; // leaving the loop closes the connection
  }
  return { text: Buffer.concat(chunks).toString('utf8'), isWhole: size <= limit };
}

function failureOf(response: Response, complaint: string): AppError {
  const cause = new Error(`GROBID answered ${response.status}: ${complaint}`);
  switch (response.status) {
    case 204:
      return noContent();
    case 400:
    case 413:
    case 415:
      return refusedRequest(cause);
    case 408:
    case 429:
    case 503:
      return busy(retryAfterMs(response.headers.get('retry-after')), cause);
    case 500:
      return refusedFile(/\[([A-Z_]+)\]/.exec(complaint)?.[1], cause);
    case 502:
    case 504:
      return serverFailed(cause);
    default:
      return response.status > 500 ? serverFailed(cause) : notGrobid(cause);
  }
}

const BUSY_MS = 5_000; // "we suggest 5-10 seconds for the processFulltextDocument service"
const MAX_RETRY_AFTER_MS = 60 * 60 * 1_000; // an hour: a longer wait is a mistake in a clock

/** Retry-After counts seconds or names a moment (RFC 9110, section 10.2.3). */
function retryAfterMs(header: string | null): number {
  const text = header?.trim() ?? '';
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS) : BUSY_MS;
}
