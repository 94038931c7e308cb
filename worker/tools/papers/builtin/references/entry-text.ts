/**
 * An entry's text on one line: as the document's text has it, and as it is parsed, with the addresses and DOIs that line
 * breaks have cut put together again.
 */
import { joinPair, type Vocabulary } from '../../../documents/pdf-layout/join-lines.js';
import type { ListLine } from './list-lines.js';

export interface EntryText {
  raw: string;
  joined: string;
  startOffset: number;
  endOffset: number;
}

export function entryText(lines: readonly ListLine[], vocabulary: Vocabulary): EntryText {
  let raw = '';
  let joined = '';
  for (const { text } of lines) {
    raw = raw === '' ? text : joinPair(raw, text, vocabulary);
    joined = joined === '' ? text : goesOn(joined, text) ? joined + text : joinPair(joined, text, vocabulary);
  }
  return { raw, joined, ...spanOf(lines) };
}

/** The bytes of the entry; of its longest stretch where the text has parts of it elsewhere. */
function spanOf(lines: readonly ListLine[]): { startOffset: number; endOffset: number } {
  const spans: { startOffset: number; endOffset: number }[] = [];
  for (const { startOffset, endOffset } of lines) {
    const last = spans.at(-1);
    if (last && startOffset >= last.endOffset && startOffset - last.endOffset <= NEAR) last.endOffset = endOffset;
    else spans.push({ startOffset, endOffset });
  }
  const length = (span: { startOffset: number; endOffset: number }): number => span.endOffset - span.startOffset;
  return spans.reduce((best, span) => (length(span) > length(best) ? span : best));
}

const NEAR = 3; // bytes: a blank line between paragraphs, or a hyphen

const OPEN_ADDRESS =
  /(?:https?:|www\.|(?:\bdoi|DOI)[:\s]\s?\(?10\.|\b10\.\d{4,9}\/|arxiv:)\S*$|\bhttps?:?$|\bdoi\.$|\b(?:doi|DOI):?\s?10\.?\d*$/i;

/** Whether `after` continues the address or DOI that `before` ends in. */
function goesOn(before: string, after: string): boolean {
  const open = OPEN_ADDRESS.exec(before)?.[0];
  const next = /^\S+/.exec(after)?.[0] ?? '';
  if (!open || next === '') return false;
  if (/^(?:\/\/|[/.?&=#%_-])/.test(next)) return true;
  if (/[),;\]]$/.test(open) || /^["“([]/.test(next)) return false;
  const tail = open.at(-1) ?? '';
  if (/[/_=?&%#-]/.test(tail)) return /^[\p{L}\d]/u.test(next);
  if (tail === '.' || tail === ':')
    return (
      (/^(?:\d|\p{Ll}[\p{L}\d.\-/_]*(?=$|[\d./_-]))/u.test(next) && /[\d./_-]/.test(next.replace(/\.$/, ''))) ||
      /^\d/.test(next)
    );
  return (
    /^[\p{Ll}\d][^\s]*$/u.test(next) &&
    /\d|\/|\.\p{L}/u.test(next) &&
    next.length === after.trim().replace(/[.)\]]+$/, '').length + (next.length - next.replace(/[.)\]]+$/, '').length)
  );
}
