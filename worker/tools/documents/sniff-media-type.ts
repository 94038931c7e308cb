/**
 * Says what a file is by its first bytes; the name and the declared type only settle which kind of text it is. A file
 * that claims to be one thing and is another is refused with a sentence that names both.
 */
import { AppError } from '../../../src/platform/errors.js';

export const DOCUMENT_TYPES = ['application/pdf', 'text/markdown', 'application/x-tex', 'text/plain'] as const;
export type DocumentType = (typeof DOCUMENT_TYPES)[number];

export interface NamedBytes {
  bytes: Uint8Array;
  mediaType?: string; // as declared by whoever sent it
  fileName?: string;
}

/** Errors: UNREADABLE_DOCUMENT for an empty file, UNSUPPORTED_MEDIA_TYPE for one that no extractor reads. */
export function sniffMediaType({ bytes, mediaType, fileName }: NamedBytes): DocumentType {
  if (bytes.length === 0) throw empty();
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEAD_BYTES));
  // readers accept a PDF header anywhere in the first kilobyte (ISO 32000-1, annex H.3.4.1)
  const isPdf = head.subarray(0, 1024).includes('%PDF-');
  const claimsPdf = claims(mediaType, fileName, 'application/pdf', /\.pdf$/i);
  if (isPdf) return 'application/pdf';
  const kind = foreignKind(head);
  if (kind) throw unsupported(kind, claimsPdf);
  if (claimsPdf) throw fakePdf();
  if (isTex(head, mediaType, fileName)) return 'application/x-tex';
  return claims(mediaType, fileName, 'text/markdown', /\.(?:md|markdown|mdown)$/i) ? 'text/markdown' : 'text/plain';
}

/** LaTeX by its name or declaration; a file that says neither is one when it begins as one. */
function isTex(head: Buffer, mediaType: string | undefined, fileName: string | undefined): boolean {
  const isNamed = ['application/x-tex', 'text/x-tex', 'application/x-latex', 'text/x-latex'].some((type) =>
    claims(mediaType, fileName, type, /\.(?:tex|ltx|latex)$/i),
  );
  const isOther = claims(mediaType, fileName, 'text/markdown', /\.(?:md|markdown|mdown)$/i);
  return isNamed || (!isOther && /^\s*(?:%[^\n]*\n\s*)*\\document(?:class|style)\b/.test(head.toString('latin1')));
}

const HEAD_BYTES = 4_096;
const MAX_CONTROL_SHARE = 0.02; // of the first bytes: text holds tabs and line ends only

const claims = (mediaType: string | undefined, fileName: string | undefined, type: string, ending: RegExp): boolean =>
  mediaType?.split(';')[0]?.trim().toLowerCase() === type || ending.test(fileName ?? '');

/** The name of a format that cannot be read; undefined for text. */
function foreignKind(head: Buffer): string | undefined {
  if (head.subarray(0, 4).equals(Buffer.from('PK\x03\x04'))) return 'a ZIP archive or an Office document';
  if (head.subarray(0, 4).equals(Buffer.from('\x89PNG', 'latin1')) || (head[0] === 0xff && head[1] === 0xd8))
    return 'an image';
  if (head[0] === 0x1f && head[1] === 0x8b) return 'a gzip archive';
  if (/^\s*(?:<!doctype html|<html|<head|<body|<script)/i.test(head.toString('latin1').replace(/^\xef\xbb\xbf/, '')))
    return 'an HTML page';
  const isUtf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  const controls = head.filter(
    (byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x0c,
  ).length;
  return !isUtf16 && controls > MAX_CONTROL_SHARE * head.length ? 'binary data' : undefined;
}

const HINT = 'Upload a PDF, LaTeX source (.tex), a Markdown file (.md) or plain text (.txt).';

const empty = () =>
  new AppError('UNREADABLE_DOCUMENT', 'The file is empty.', {
    hint: 'Check that the upload was complete, and send it again.',
  });

const unsupported = (kind: string, claimsPdf: boolean) =>
  new AppError(
    claimsPdf ? 'UNREADABLE_DOCUMENT' : 'UNSUPPORTED_MEDIA_TYPE',
    claimsPdf
      ? `The file is named or declared a PDF, but it is ${kind}.`
      : `The file is ${kind}, which cannot be read.`,
    {
      hint: claimsPdf
        ? 'The download may have given an error page instead of the paper: open the file and check.'
        : HINT,
    },
  );

const fakePdf = () =>
  new AppError('UNREADABLE_DOCUMENT', 'The file is named or declared a PDF, but holds none.', {
    hint: 'Open it in a PDF viewer and check; a text file should end in .txt, .md or .tex.',
  });
