/**
 * Lines of a paragraph → running text. A hyphen at a line's end is dropped when the document itself writes the word as
 * one, kept when it writes it with the hyphen, and otherwise decided by whether both halves are words of their own.
 */

export interface Vocabulary {
  words: ReadonlySet<string>;
  hyphenated: ReadonlySet<string>;
}

const LINE_END_HYPHEN = /[\p{L}\p{N}][-\u00ad‐]$/u;

/** Words of the document as they stand inside lines, in lower case. */
export function vocabularyOf(lines: readonly string[]): Vocabulary {
  const words = new Set<string>();
  const hyphenated = new Set<string>();
  for (const line of lines) {
    const inner = LINE_END_HYPHEN.test(line) ? line.replace(/\S+$/, '') : line;
    for (const [token] of inner.toLowerCase().matchAll(/\p{L}+(?:[-‐]\p{L}+)*/gu)) {
      const parts = token.split(/[-‐]/);
      parts.forEach((part, index) => {
        words.add(part);
        if (index > 0) hyphenated.add(`${parts[index - 1]}-${part}`);
      });
    }
  }
  return { words, hyphenated };
}

export function joinLines(lines: readonly string[], vocabulary: Vocabulary): string {
  return lines.reduce((text, line) => (text === '' ? line : joinPair(text, line, vocabulary)), '');
}

export function joinPair(before: string, after: string, vocabulary: Vocabulary): string {
  if (before.endsWith('\u00ad')) return before.slice(0, -1) + after;
  if (LINE_END_HYPHEN.test(before)) {
    return keepsHyphen(before, after, vocabulary) ? before + after : before.slice(0, -1) + after;
  }
  return /[\p{L}\p{N}][–—/]$/u.test(before) && !/\s[–—]$/.test(before) ? before + after : `${before} ${after}`;
}

/** Endings that happen to be words too: "occur-ring", "agree-able". */
const ENDING =
  /^(?:ring|ting|ning|ping|king|sing|able|ably|ally|less|ness|ment|ments|ward|wards|ship|ships|age|ages|ate|ant|ants|ion|ions|ear|red|ten|est|ted)$/;

function keepsHyphen(before: string, after: string, { words, hyphenated }: Vocabulary): boolean {
  const left = /(\p{L}+)[-‐]$/u.exec(before)?.[1]?.toLowerCase();
  const right = /^(\p{L}+)/u.exec(after)?.[1]?.toLowerCase();
  if (!left || !right || !/^\p{Ll}/u.test(after)) return true; // figures, capitals: "BM-25", "Kullback-Leibler"
  if (/^\p{L}+[-‐]\p{L}/u.test(after)) return true; // "English-" "to-German": one of several hyphens
  if (words.has(left + right)) return false;
  if (hyphenated.has(`${left}-${right}`)) return true;
  return left.length > 2 && right.length > 2 && !ENDING.test(right) && words.has(left) && words.has(right);
}
