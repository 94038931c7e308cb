/**
 * The engine that asks a GROBID server. Our own reading of the same bytes (`base`) runs beside it and gives the text: so
 * offsets, pages and boxes are those of the snapshot whichever engine was asked. Only PDFs go to GROBID.
 *
 * Fails as the port says; when one of the two readings fails, the other is stopped.
 */
import { sha256Of } from '../../../../src/platform/blobs/blob-key.js';
import { sniffMediaType } from '../../documents/sniff-media-type.js';
import { askForText } from '../../exchanges/exchanges.js';
import { publicUrl } from '../../exchanges/public-url.js';
import type { PaperEngine, PaperInput, ReadPaper } from '../paper-engine.js';
import { askGrobid, type GrobidServer } from './ask-grobid.js';
import { mergePapers } from './merge-papers.js';
import { placePaper } from './place-paper.js';
import { readTei } from './read-tei.js';

export interface GrobidEngineOptions {
  url: string; // http://localhost:8070
  base: PaperEngine;
  timeoutMs?: number; // of one paper's exchange with the server
  maxAnswerBytes?: number;
  fetch?: typeof fetch;
}

const TIMEOUT_MS = 120_000; // 2 minutes: GROBID itself gives up on a PDF after that (grobid.yaml, pdfalto.timeoutSec)
const MAX_ANSWER_BYTES = 64 * 1024 * 1024; // the TEI of 1,000 pages with coordinates stays below it

export function createGrobidEngine(options: GrobidEngineOptions): PaperEngine {
  const server: GrobidServer = {
    url: options.url,
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    maxAnswerBytes: options.maxAnswerBytes ?? MAX_ANSWER_BYTES,
    fetch: options.fetch ?? fetch,
  };
  return { name: 'grobid', read: (input) => readPaper(server, options.base, input) };
}

/** The paper itself is named by its hash: its bytes are on the record of whoever fetched them. */
function requestOf({ url }: GrobidServer, { bytes }: PaperInput) {
  const request = { method: 'POST', url: publicUrl(url), input: sha256Of(bytes) };
  return { kind: 'HTTP', asked: request, summary: request, status: 200 } as const;
}

async function readPaper(server: GrobidServer, base: PaperEngine, input: PaperInput): Promise<ReadPaper> {
  if (sniffMediaType(input) !== 'application/pdf') return base.read(input);
  const failed = new AbortController();
  const signal = AbortSignal.any([input.signal, failed.signal]);
  try {
    const [read, tei] = await Promise.all([
      base.read({ ...input, signal }),
      askForText(requestOf(server, input), () => askGrobid(server, input.bytes, signal)).then(readTei),
    ]);
    return { ...read, paper: mergePapers(tei, placePaper(tei, read), read.paper) };
  } catch (error) {
    failed.abort(error);
    throw error;
  }
}
