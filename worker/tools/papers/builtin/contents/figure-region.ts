/**
 * The words inside a picture: what stands between a figure's caption and the running text above it, in another face than
 * the text's own. Labels of axes, keys and boxes are drawn in the figure's font; lists and formulas are in the text's.
 */
import type { BodySetting } from '../../../documents/document-layout.js';
import type { Caption } from './captions.js';
import type { SetLine } from './page-lines.js';
import { bandOf } from './table-region.js';

export function figureLines(
  captions: readonly Caption[],
  taken: ReadonlySet<SetLine>,
  body: BodySetting | null,
): SetLine[] {
  return captions
    .filter(({ kind }) => kind === 'FIGURE')
    .flatMap((caption) => above(caption, taken))
    .filter((line) => line.font !== body?.font && line.paragraph.role !== 'HEADING');
}

/** From the caption upwards to the next line of prose, of another caption or of a table. */
function above(caption: Caption, taken: ReadonlySet<SetLine>): SetLine[] {
  const top = caption.lines[0]?.baseline ?? 0;
  const band = bandOf(caption);
  const over = caption.page.lines.filter(({ baseline, box }) => {
    const middle = box.x + box.width / 2;
    return baseline < top - 1 && band.left < middle && middle < band.right;
  });
  const floor = over.reduce(
    (lowest, line) => (line.isProse || taken.has(line) ? Math.max(lowest, line.baseline) : lowest),
    Number.NEGATIVE_INFINITY,
  );
  return over.filter(({ baseline }) => baseline > floor);
}
