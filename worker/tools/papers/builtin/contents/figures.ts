/** Figures: what their captions say. The picture itself stays on its page. */
import type { PaperFigure } from '../../../../../src/papers/structured-paper.js';
import type { Caption } from './captions.js';
import { around } from './page-lines.js';

export const readFigures = (captions: readonly Caption[]): PaperFigure[] =>
  captions
    .filter(({ kind, text }) => kind === 'FIGURE' && text !== '')
    .map(({ label, text, startOffset, endOffset, page, lines }) => ({
      label,
      caption: text,
      startOffset,
      endOffset,
      page: page.number,
      box: around(lines),
    }));
