/**
 * Reads the text runs of a PDF in a child process with caps on memory, time, pages and text, so that no file can take the
 * worker with it. The child is killed on a cap and on abort; nothing of it outlives the call.
 *
 * Fails with UNREADABLE_DOCUMENT (encrypted, broken, over a cap) or with the reason of `signal`.
 */

import { askCappedChild, childFileOf } from '../../../src/platform/capped-child.js';
import { AppError } from '../../../src/platform/errors.js';
import type { PdfAnswer, PdfCaps, PdfContent, PdfRefusal } from './pdf-page.js';

export interface PdfLimits extends PdfCaps {
  residentBytes: number; // of the child, where the system tells (Linux); elsewhere the heap cap alone holds
}

const MIB = 1024 * 1024;

export const PDF_LIMITS: PdfLimits = {
  pages: 1_000, // a thick book; what the installation allows may be less, or twice as many
  characters: 20_000_000, // ten times the text of such a volume
  wallMs: 120_000, // 2 minutes: 27 ms a page was measured, so 2,000 pages take one
  residentBytes: 1_024 * MIB,
};

const HEAP_MIB = 768;
const MAX_ANSWER_BYTES = 400 * MIB; // 20 million characters as JSON runs stay below it

export async function readPdf(bytes: Uint8Array, signal: AbortSignal, limits = PDF_LIMITS): Promise<PdfContent> {
  const { residentBytes, ...caps } = limits;
  const outcome = await askCappedChild({
    file: childFileOf(import.meta.url, './read-pdf.child'),
    argument: caps,
    input: bytes,
    caps: { wallMs: caps.wallMs, residentBytes, heapMib: HEAP_MIB, answerBytes: MAX_ANSWER_BYTES },
    signal,
  });
  if ('failure' in outcome) throw outcome.failure === 'TOO_SLOW' ? tooSlow(limits) : tooLarge();
  const answer = JSON.parse(outcome.answer.toString('utf8')) as PdfAnswer;
  if ('content' in answer) return answer.content;
  throw refused(answer.refusal, answer.detail, limits);
}

function refused(refusal: PdfRefusal, detail: string, limits: PdfLimits): AppError {
  switch (refusal) {
    case 'ENCRYPTED':
      return unreadable('The PDF is encrypted.', 'Remove its password (print it to a new PDF, say) and upload that.');
    case 'BROKEN':
      return unreadable(
        'The file is no readable PDF: it is damaged or cut short.',
        'Download it again, or save a fresh copy from a PDF viewer.',
        detail,
      );
    case 'TOO_MANY_PAGES':
      return unreadable(
        `The PDF has ${detail} pages; the limit is ${limits.pages}.`,
        'Split it and upload the parts you need.',
      );
    case 'TOO_MUCH_TEXT':
      return unreadable(
        `The PDF holds more than ${limits.characters} characters.`,
        'Split it and upload the parts you need.',
      );
  }
}

const tooSlow = (limits: PdfLimits) =>
  unreadable(
    `Reading the PDF took longer than ${limits.wallMs / 1000} seconds.`,
    'Save a simpler copy from a PDF viewer, or split it.',
  );

const tooLarge = () =>
  unreadable(
    'Reading the PDF took more memory than a document may.',
    'Save a simpler copy from a PDF viewer, or split it.',
  );

const unreadable = (message: string, hint: string, detail?: string) =>
  new AppError('UNREADABLE_DOCUMENT', message, { hint, ...(detail ? { cause: new Error(detail) } : {}) });
