/** Columns of a terminal, and text made to fit them. What documents say is shown, so nothing in it may steer the terminal. */

const ESCAPES = /\u001b\[[0-9;?]*[A-Za-z]/g; // our own colours
const WIDE =
  /\p{Extended_Pictographic}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;
const segmenter = new Intl.Segmenter();

/** Text of others, on one line and without control characters. */
export const harmless = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();

export const columnsOf = (text: string): number => {
  let columns = 0;
  for (const { segment } of segmenter.segment(text.replace(ESCAPES, ''))) columns += WIDE.test(segment) ? 2 : 1;
  return columns;
};

/** Plain text, cut to `columns` with an ellipsis when it is longer. */
export function shorten(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let taken = '';
  let used = 1; // the ellipsis
  for (const { segment } of segmenter.segment(text)) {
    used += WIDE.test(segment) ? 2 : 1;
    if (used > columns) break;
    taken += segment;
  }
  return columns < 1 ? '' : `${taken.trimEnd()}…`;
}

/** Plain text broken into lines between words; a word longer than a line is cut. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (columnsOf(longer) <= columns) line = longer;
    else {
      if (line !== '') lines.push(line);
      line = shorten(word, columns);
    }
  }
  return line === '' ? lines : [...lines, line];
}
