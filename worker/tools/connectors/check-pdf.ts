/** Whether bytes that came as a PDF are one, from its head to its end. What is inside is the extraction's affair. */
import { AppError } from '../../../src/platform/errors.js';
import { brokenAnswer, wrongType } from './fetch-failures.js';

/** What servers call a PDF; the bytes decide. */
export const PDF_TYPES: readonly string[] = [
  'application/pdf',
  'application/x-pdf',
  'application/octet-stream',
  'binary/octet-stream',
  '',
];

const HEAD_BYTES = 1_024; // readers look for the mark in the first 1,024 bytes (ISO 32000-1, annex H)
const TAIL_BYTES = 8_192; // some producers pad the end

/**
 * Errors: UNSUPPORTED_MEDIA_TYPE (no PDF), UNAVAILABLE (empty), UNREADABLE_DOCUMENT (it breaks off: as it is published,
 * because a transfer that was cut short has failed already).
 */
export function checkPdf(bytes: Buffer, host: string): void {
  if (bytes.length === 0) throw brokenAnswer(host, 'an empty file');
  if (!bytes.subarray(0, HEAD_BYTES).includes('%PDF-')) throw wrongType(host, looksLike(bytes), ['application/pdf']);
  if (!bytes.subarray(-TAIL_BYTES).includes('%%EOF')) throw breaksOff(host);
}

const breaksOff = (host: string) =>
  new AppError('UNREADABLE_DOCUMENT', `The PDF that ${host} sends breaks off before its end.`, { details: { host } });

const looksLike = (bytes: Buffer): string =>
  /^\s*(?:<!doctype html|<html)/i.test(bytes.subarray(0, HEAD_BYTES).toString('latin1')) ? 'text/html' : 'another file';
