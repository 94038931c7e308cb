/**
 * Documents into a project, a few at a time: announce, PUT, ingest, watch until it is indexed. A document that cannot be taken
 * in is reported and the others go on.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Paperwright } from '../sdk/client.js';
import { PaperwrightError } from '../sdk/errors.js';
import { putUpload } from '../sdk/transfer.js';
import { type DocumentFacts, type FoundDocument, inWords } from './find-documents.js';

/** As many stages as the worker runs at a time. */
const AT_A_TIME = 4;

export interface IngestedDocument extends FoundDocument {
  sha256: string; // of the file's bytes
}

export interface IngestionReport {
  onDone(document: FoundDocument): void;
  onFailed(document: FoundDocument, why: string): void;
}

/** Answers those that were taken in. Throws the signal's reason when that is aborted. */
export async function ingestDocuments(
  paperwright: Paperwright,
  projectId: string,
  documents: readonly FoundDocument[],
  options: { facts: DocumentFacts; report: IngestionReport; signal: AbortSignal },
): Promise<IngestedDocument[]> {
  const waiting = [...documents];
  const done: IngestedDocument[] = [];
  const takeOver = async () => {
    for (let document = waiting.shift(); document; document = waiting.shift()) {
      try {
        const sha256 = await ingestOne(paperwright, projectId, document, options);
        done.push({ ...document, sha256 });
        options.report.onDone(document);
      } catch (error) {
        options.signal.throwIfAborted();
        options.report.onFailed(document, reasonOf(error));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, takeOver));
  return done;
}

async function ingestOne(
  paperwright: Paperwright,
  projectId: string,
  document: FoundDocument,
  { facts, signal }: { facts: DocumentFacts; signal: AbortSignal },
): Promise<string> {
  const bytes = await readFile(document.file, { signal });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const { prepareUpload: ticket } = await paperwright.prepareUpload({
    input: {
      projectId,
      fileName: path.basename(document.file),
      bytes: bytes.length,
      mediaType: document.mediaType,
      sha256,
    },
  });
  await putUpload(ticket, bytes, signal);
  const { ingestPaper: run } = await paperwright.ingestPaper({
    input: { projectId, uploadId: ticket.uploadId, ...facts },
  });
  try {
    for await (const _event of paperwright.watchRun(run.id, { signal }));
  } catch (error) {
    if (signal.aborted) await paperwright.cancelRun({ id: run.id }).catch(() => undefined); // it stops with the worker
    throw error;
  }
  const { run: ended } = await paperwright.run({ id: run.id });
  if (ended?.status === 'SUCCEEDED') return sha256;
  const { message = `The run ended ${ended?.status ?? 'deleted'}.`, hint } = ended?.failure ?? {};
  throw new PaperwrightError(ended?.failure?.code ?? 'CANCELED', message, { hint: hint ?? undefined });
}

function reasonOf(error: unknown): string {
  if (error instanceof PaperwrightError) return [error.message, error.hint].filter(Boolean).join(' ');
  return `It could not be read: ${inWords(error)}.`;
}
