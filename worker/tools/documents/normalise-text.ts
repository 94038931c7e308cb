/** Any decoded text as a snapshot holds it: well-formed Unicode in NFC, LF line ends, no control characters. */

export function normaliseText(text: string): string {
  return wellFormed(text)
    .replace(/^\ufeff/, '')
    .replace(/\r\n?|[\u2028\u2029\u0085\u000b\u000c]/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .replace(/\u00ad/g, '')
    .replace(/[ \t\u00a0]+$/gm, '')
    .normalize('NFC')
    .trim();
}

/** Lone halves of surrogate pairs cannot be encoded as UTF-8: they become U+FFFD. */
const wellFormed = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');
