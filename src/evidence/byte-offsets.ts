/**
 * Between JavaScript's UTF-16 indexes and the UTF-8 byte offsets that evidence is addressed by. A snapshot's hash is of
 * its UTF-8 bytes, so anyone can check an offset with `tail -c +N | head -c M`, whatever language they use.
 */

/** `map[i]` is the byte offset of UTF-16 index `i`; `map[text.length]` is the length in bytes. */
export function byteOffsetMap(text: string): Uint32Array {
  const map = new Uint32Array(text.length + 1);
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    map[i] = bytes;
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit <= 0xdbff) {
      bytes += 4; // the pair; its second half maps to the end of the character
      i += 1;
      map[i] = bytes;
    } else bytes += 3;
  }
  map[text.length] = bytes;
  return map;
}

/** The text between two byte offsets, or undefined when they do not fall on character boundaries inside it. */
export function sliceByBytes(bytes: Buffer, startOffset: number, endOffset: number): string | undefined {
  if (startOffset < 0 || endOffset < startOffset || endOffset > bytes.length) return undefined;
  if (isContinuation(bytes[startOffset]) || isContinuation(bytes[endOffset])) return undefined;
  return bytes.toString('utf8', startOffset, endOffset);
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;
