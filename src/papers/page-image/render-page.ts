/**
 * The picture of one page of a PDF, with the places that matter marked as with a yellow pen. It is drawn in a child process
 * with caps on time, memory and pixels, a few at a time, so that neither a file nor a crowd can take the API with it.
 *
 * Fails with BAD_INPUT (no such page, impossible boxes or width), UNREADABLE_DOCUMENT (encrypted, broken, over a cap) or
 * with the reason of the signal.
 */
import { askCappedChild, type ChildCaps, childFileOf } from '../../platform/capped-child.js';
import { AppError, badInput } from '../../platform/errors.js';
import { takeTurns } from '../../platform/take-turns.js';
import type { Box } from '../structured-paper.js';
import type { DrawingOrder, RefusedDrawing } from './page-drawing.js';

export interface RenderOptions {
  page: number; // 1-based
  boxes: readonly Box[]; // points of the page as it is shown: turned and cropped; what lies outside the page is not drawn
  widthPx?: number; // 1,240 when absent; a very long page is drawn narrower
  signal: AbortSignal;
  caps?: ChildCaps;
}

const MIB = 1024 * 1024;

export const PAGE_WIDTH_PX = 1_240; // A4 at 150 dots an inch
export const MIN_PAGE_WIDTH_PX = 64;
export const MAX_PAGE_WIDTH_PX = 3_600; // US Letter at 420 dots an inch
export const MAX_PAGE_BOXES = 500; // a page of text has some hundred lines
const MAX_PIXELS = 16_000_000; // 64 MB of picture: A4 at 400 dots an inch

export const DRAWING_CAPS: ChildCaps = {
  wallMs: 20_000, // 20 seconds; ordinary pages take 0.3
  residentBytes: 640 * MIB, // 110 MB is usual; PDFium's share has a cap of its own below
  heapMib: 128,
  wasmMib: 448, // the file, the picture and what the page unfolds to
  answerBytes: 80 * MIB, // more than MAX_PIXELS of noise come to
};

const AT_ONCE = 2;
const turn = takeTurns(AT_ONCE);

/** PNG, as many pixels wide as `widthPx`. */
export async function renderPage(bytes: Uint8Array, options: RenderOptions): Promise<Buffer> {
  const { page, boxes, widthPx = PAGE_WIDTH_PX, signal, caps = DRAWING_CAPS } = options;
  const order: DrawingOrder = { page, boxes, widthPx, maxPixels: MAX_PIXELS };
  check(order);
  const file = childFileOf(import.meta.url, './render-page.child');
  const outcome = await turn(() => askCappedChild({ file, argument: order, input: bytes, caps, signal }), signal);
  if ('failure' in outcome) throw failed(outcome.failure, caps);
  if (isPng(outcome.answer)) return outcome.answer;
  throw refused(JSON.parse(outcome.answer.toString('utf8')) as RefusedDrawing, page);
}

const isPng = (answer: Buffer): boolean => answer[0] === 0x89; // PNG's first byte: no text begins with it

function check({ page, boxes, widthPx }: DrawingOrder): void {
  if (!Number.isInteger(page) || page < 1) throw badInput('Pages count from 1.', { field: 'page' });
  if (!Number.isInteger(widthPx) || widthPx < MIN_PAGE_WIDTH_PX || widthPx > MAX_PAGE_WIDTH_PX) {
    throw badInput(`A page is drawn ${MIN_PAGE_WIDTH_PX} to ${MAX_PAGE_WIDTH_PX} pixels wide.`, { field: 'widthPx' });
  }
  if (boxes.length > MAX_PAGE_BOXES) {
    throw badInput(`At most ${MAX_PAGE_BOXES} boxes can be marked on a page.`, { field: 'boxes' });
  }
  const isPossible = ({ x, y, width, height }: Box) =>
    [x, y, width, height].every(Number.isFinite) && width >= 0 && height >= 0;
  if (!boxes.every(isPossible)) throw badInput('A box has a place and a size in points.', { field: 'boxes' });
}

function refused({ refusal, detail }: RefusedDrawing, page: number): AppError {
  switch (refusal) {
    case 'NO_SUCH_PAGE':
      return badInput(`There is no page ${page}: the document has ${detail}.`, { field: 'page' });
    case 'ENCRYPTED':
      return unreadable('The PDF is encrypted.', 'Remove its password (print it to a new PDF, say) and upload that.');
    case 'BROKEN':
      return unreadable(
        'The page cannot be drawn: the file is no PDF, is damaged or cut short.',
        'Download it again, or save a fresh copy from a PDF viewer.',
        detail,
      );
  }
}

const failed = (failure: 'TOO_SLOW' | 'TOO_LARGE' | 'CRASHED', caps: ChildCaps): AppError =>
  unreadable(
    failure === 'TOO_SLOW'
      ? `Drawing the page took longer than ${caps.wallMs / 1000} seconds.`
      : 'The page could not be drawn: it is damaged, or takes more memory than a page may.',
    'Save a simpler copy from a PDF viewer and upload that.',
    failure,
  );

const unreadable = (message: string, hint: string, detail?: string) =>
  new AppError('UNREADABLE_DOCUMENT', message, { hint, ...(detail ? { cause: new Error(detail) } : {}) });
