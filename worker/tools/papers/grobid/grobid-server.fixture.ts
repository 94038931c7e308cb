/** A server on this machine in GROBID's place, and an engine whose text is real and whose fields a test chooses. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { StructuredPaper } from '../../../../src/papers/structured-paper.js';
import { extractText } from '../../documents/extract-text.js';
import type { PaperEngine, PaperInput } from '../paper-engine.js';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers as the test says; it is gone after the test, with its connections. */
export async function serve(handler: Handler): Promise<{ url: string; close: () => void }> {
  const server = createServer(handler);
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(close);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

/** Reads the request to its end, then answers. */
export const answering =
  (status: number, body: string, headers: Record<string, string> = {}): Handler =>
  (request, response) => {
    request.resume().on('end', () => response.writeHead(status, headers).end(body));
  };

const EMPTY: StructuredPaper = {
  engine: 'other@1',
  title: null,
  authors: [],
  abstract: null,
  year: null,
  doi: null,
  arxivId: null,
  keywords: [],
  pages: [],
  places: { title: null, abstract: null },
  sections: [],
  equations: [],
  tables: [],
  figures: [],
  references: [],
  citations: [],
  datasets: [],
  metrics: [],
  claims: [],
  confidence: [],
  uncertainties: [],
};

const extracted = new Map<string, ReturnType<typeof extractText>>(); // a child process reads a PDF: once is enough

/** The real text and lines of the file, with fields that the test chooses. */
export const baseWith = (fields: Partial<StructuredPaper> = {}): PaperEngine => ({
  name: 'builtin',
  read: async (input) => {
    const key = input.fileName ?? '';
    const reading = extracted.get(key) ?? extractText({ ...input, signal: new AbortController().signal });
    extracted.set(key, reading);
    const document = await reading;
    const lines = document.layout.paragraphs.flatMap((paragraph) => paragraph.lines);
    return { document, lines, paper: { ...EMPTY, ...fields } };
  },
});

export const inputOf = (bytes: Uint8Array, more: Partial<PaperInput> = {}): PaperInput => ({
  bytes,
  fileName: 'paper.pdf',
  signal: new AbortController().signal,
  ...more,
});
