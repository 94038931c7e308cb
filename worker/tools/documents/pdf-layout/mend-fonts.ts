/**
 * Fonts as a reader sees them. One font may be stored several times, a part of its letters each: by its name it is one.
 * Bitmap fonts (Type 3, of older TeX) have no names, and state a size in units of their own: it is told from their widths.
 */
import type { PdfContent, PdfPage } from '../pdf-page.js';

const CHARACTER_WIDTH = 0.5; // of the size: the mean of text faces, spaces left out
const IMPLAUSIBLE = 2.5; // times the size that the widths tell
const FEW_CHARACTERS = 20;

export function withMendedFonts({ fonts, pages }: PdfContent): PdfPage[] {
  const ids = new Map<string, string>();
  const byName = new Map<string, string>();
  for (const { id, name } of fonts) {
    const isNamed = name !== '' && !/^type ?3$/i.test(name);
    if (isNamed && !byName.has(name)) byName.set(name, id);
    ids.set(id, (isNamed && byName.get(name)) || id);
  }
  const scales = scalesOf(pages);
  return pages.map((page) => ({
    ...page,
    runs: page.runs.map((run) => {
      const scale = scales.get(run.font);
      const size = scale === undefined ? run.size : Math.round(2 * run.size * scale) / 2;
      return { ...run, size, font: ids.get(run.font) ?? run.font };
    }),
  }));
}

/** By font, what its stated sizes are to be multiplied by; fonts with plausible sizes are left out. */
function scalesOf(pages: readonly PdfPage[]): Map<string, number> {
  const sums = new Map<string, { width: number; stated: number; characters: number }>();
  for (const { runs } of pages) {
    for (const { text, width, size, font } of runs) {
      const characters = text.trim().length;
      const sum = sums.get(font) ?? { width: 0, stated: 0, characters: 0 };
      if (characters > 0) {
        sum.width += width;
        sum.stated += size * characters;
        sum.characters += characters;
      }
      sums.set(font, sum);
    }
  }
  const scales = new Map<string, number>();
  for (const [font, { width, stated, characters }] of sums) {
    const scale = width / CHARACTER_WIDTH / Math.max(1, stated);
    if (characters >= FEW_CHARACTERS && scale * IMPLAUSIBLE < 1) scales.set(font, scale);
  }
  const shared = [...scales.values()].sort((a, b) => a - b)[Math.floor(scales.size / 2)];
  if (shared === undefined) return scales;
  for (const [font, { width, stated, characters }] of sums) {
    const isLarge = width / CHARACTER_WIDTH < stated / IMPLAUSIBLE;
    if (characters < FEW_CHARACTERS && isLarge) scales.set(font, shared); // symbols: too few to tell from
  }
  return scales;
}
