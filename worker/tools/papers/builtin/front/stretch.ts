/**
 * A run of text gathered from several places of the document, on one line, that still knows where each character stands:
 * a name in a list that is set over two columns has its bytes in two paragraphs.
 */
export interface Span {
  startOffset: number; // UTF-8 bytes into the document's text, half-open
  endOffset: number;
}

export interface Stretch {
  text: string;
  offsets: number[]; // of each UTF-16 unit's first byte, and one more: the end
}

export const EMPTY: Stretch = { text: '', offsets: [0] };

/** `bytes`: the document's text in UTF-8. */
export function stretchOf(bytes: Buffer, { startOffset, endOffset }: Span): Stretch {
  const text = bytes.subarray(startOffset, endOffset).toString('utf8');
  const offsets: number[] = [];
  let offset = startOffset;
  for (const char of text) {
    for (let unit = 0; unit < char.length; unit++) offsets.push(offset);
    offset += Buffer.byteLength(char);
  }
  return { text, offsets: [...offsets, offset] };
}

/** A text that stands nowhere, for what only looks at the words. */
export const plainStretch = (text: string): Stretch => ({
  text,
  offsets: Array.from({ length: text.length + 1 }, (_, index) => index),
});

/** Joins with the given text between, which stands nowhere: it takes the place of what follows. */
export function joined(first: Stretch, between: string, second: Stretch): Stretch {
  if (first.text === '') return second;
  const gap = Array.from({ length: between.length }, () => first.offsets[first.text.length] as number);
  return {
    text: first.text + between + second.text,
    offsets: [...first.offsets.slice(0, first.text.length), ...gap, ...second.offsets],
  };
}

/** Where the characters from `start` to `end` (UTF-16 units of the stretch's text) stand in the document. */
export function spanIn({ text, offsets }: Stretch, start: number, end: number): Span {
  const last = Math.max(start, end - 1);
  const after = offsets[last + 1] ?? (offsets[text.length] as number);
  const startOffset = offsets[start] as number;
  const lastOffset = offsets[last] as number;
  return { startOffset, endOffset: after > lastOffset && after - lastOffset <= 4 ? after : lastOffset + 1 };
}

export function part(stretch: Stretch, start: number, end: number): Stretch {
  return { text: stretch.text.slice(start, end), offsets: stretch.offsets.slice(start, end + 1) };
}
