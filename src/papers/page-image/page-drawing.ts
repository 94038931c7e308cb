/**
 * What render-page.ts and its child process say to each other, and nothing else: this file holds types only, so that the
 * child, which runs outside the compiler's module graph, may share them.
 */
import type { Box } from '../structured-paper.js';

export interface DrawingOrder {
  page: number; // 1-based
  widthPx: number;
  boxes: readonly Box[];
  maxPixels: number; // a page so long that it would take more is drawn narrower
}

export type DrawingRefusal = 'ENCRYPTED' | 'BROKEN' | 'NO_SUCH_PAGE';

/** The child answers with a PNG, whose first byte is never that of JSON, or with this as JSON. */
export interface RefusedDrawing {
  refusal: DrawingRefusal;
  detail: string; // NO_SUCH_PAGE: how many pages there are
}
