/**
 * Text from outside, made safe to store. Postgres cannot hold NUL and control characters break logs, terminals and
 * exported documents, so they are refused rather than dropped: what is stored is what was sent, trimmed and in NFC.
 * Fails with BAD_INPUT that names the field and the limit.
 */
import { badInput } from './errors.js';

export interface TextLimits {
  /** As the caller knows it: `name`, `input.email`. */
  field: string;
  /** Longest length in UTF-16 units, after trimming. */
  max: number;
  /** Shortest length; 1 when absent. */
  min?: number;
}

// C0 and C1 controls, DEL, lone surrogates, and the bidirectional overrides that make text read as other than it is.
const UNSAFE_IN_LINE = /[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069\uFFFE\uFFFF]/u;
// The same, but tab, line feed and carriage return may stand in longer text.
const UNSAFE_IN_TEXT = /(?![\t\n\r])[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u;

/** Zero-width characters, joiners and marks of direction show nothing: a name of them alone could not be clicked. */
const VISIBLE = /[^\s\p{Z}\p{Cf}]/u;

/** One line: a name, a title, a label. */
export const cleanLine = (value: string, limits: TextLimits): string => clean(value, limits, UNSAFE_IN_LINE);

/** Several lines: a question, a note, a document. */
export const cleanText = (value: string, limits: TextLimits): string => clean(value, limits, UNSAFE_IN_TEXT);

function clean(value: string, { field, max, min = 1 }: TextLimits, unsafe: RegExp): string {
  // before anything that walks the text: a megabyte is refused by its length alone
  if (value.length > 4 * max + 64) throw tooLong(field, max, value.length);
  if (unsafe.test(value)) {
    throw badInput(`\`${field}\` contains control characters. Remove them and send it again.`, { field });
  }
  const text = value.normalize('NFC').trim();
  const isEmpty = !VISIBLE.test(text);
  if (text.length < min || (isEmpty && min > 0)) {
    throw isEmpty
      ? badInput(`\`${field}\` is empty. Give at least ${characters(min)}.`, { field, min })
      : badInput(`\`${field}\` is too short (${characters(text.length)}). Give at least ${min}.`, { field, min });
  }
  if (text.length > max) throw tooLong(field, max, text.length);
  return text;
}

const tooLong = (field: string, max: number, length: number) =>
  badInput(`\`${field}\` is too long (${characters(length)}). Shorten it to ${max} or fewer.`, { field, max, length });

const characters = (count: number): string => `${count} character${count === 1 ? '' : 's'}`;
