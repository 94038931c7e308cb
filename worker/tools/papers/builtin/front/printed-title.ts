/** The title, as it is printed, and how sure it is. */
import type { PaperSource } from '../paper-source.js';
import { type FrontPage, squeeze } from './front-page.js';

/** Without what some publishers set behind it: "[version 2; peer review: approved]", "[v2; ref status: …]", marks of notes. */
export function printedTitle(title: string | null): string | null {
  const clean = title
    ?.replace(/\s*\[[^\]]*(?:https?:|\bversion \d|\bv\d+;|peer review|ref status)[^\]]*\]\s*$/i, '')
    .replace(/(?<=\p{L}[)?!]?)\s?[*∗†‡§¹]+$/u, '')
    .replace(/^[\s:;,.|]+/, '')
    .replace(/\s+/g, ' ')
    .trim();
  return clean ? clean : null;
}

export function titleConfidence(
  title: string,
  { layout }: PaperSource,
  page: FrontPage | null,
): { score: number; basis: string } {
  const isDeclared = layout.declaredTitle !== null && squeeze(layout.declaredTitle) === squeeze(title);
  if (!page) return { score: 0.8, basis: "the document's first heading or its own metadata" };
  const first = page.title[0];
  if (!first)
    return {
      score: isDeclared ? 0.6 : 0.4,
      basis: isDeclared ? 'in the metadata only, not on the first pages' : 'pieced together: no run of lines spells it',
    };
  const sizes = page.paragraphs
    .flatMap(({ lines }) => lines)
    .filter((line) => !page.title.includes(line) && line.text.length > 8);
  const isLargest = sizes.every(({ size }) => size <= first.size * 1.01);
  const ratio = first.size / page.textSize;
  const told = [
    `set in ${first.size.toFixed(1)} points, ${ratio.toFixed(1)} × the text`,
    isLargest ? 'the largest on its page' : 'not the largest on its page',
    ...(isDeclared ? ["the file's metadata agrees"] : []),
  ];
  const doubt = 0.3 * (isLargest ? 0.4 : 1) * (ratio > 1.25 ? 0.5 : 1.2) * (isDeclared ? 0.2 : 1);
  return { score: Math.min(0.99, 1 - doubt), basis: told.join('; ') };
}
