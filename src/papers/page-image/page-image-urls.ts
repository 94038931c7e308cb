/**
 * Signed addresses of page pictures: `{publicUrl}/pages/{tenantId}/{sha256}/{page}.png?boxes=…&width=…`, and what all signed
 * queries end with: `expires`, `kid`, `signature`. Whoever may see a paper is handed them by the API; the signature is all that the route asks for. Addresses expire on the
 * full hour, one to two hours ahead, so that the same picture keeps its address for a while and browsers keep the picture.
 */
import { badInput } from '../../platform/errors.js';
import { createSignedQueries, type SignedQueryOptions } from '../../platform/signed-query.js';
import type { Box } from '../structured-paper.js';
import { MAX_PAGE_WIDTH_PX, MIN_PAGE_WIDTH_PX } from './render-page.js';

export interface PageImage {
  tenantId: string;
  sha256: string; // of the PDF: a blob of the tenant
  page: number; // 1-based
  boxes: readonly Box[];
  widthPx: number;
}

export interface PageImageUrls {
  /** Errors: BAD_INPUT for impossible boxes or widths. */
  sign(image: PageImage): string;
  /** What a request for a path under PAGE_IMAGE_PATH may have, and for how long. Throws URL_REFUSED. */
  open(path: PageImagePath, query: Record<string, unknown>): { image: PageImage; maxAgeSeconds: number };
}

/** The path's parts, as they came. */
export interface PageImagePath {
  tenantId: string;
  sha256: string;
  page: string;
}

export const PAGE_IMAGE_PATH = '/pages/';
export const MAX_MARKED_BOXES = 100; // with all their digits within the 8 KB that proxies take for an address
const MAX_POINTS = 100_000; // 35 metres: no page is longer
const HOUR_SECONDS = 60 * 60;

export function createPageImageUrls(
  options: Omit<SignedQueryOptions, 'purpose'> & { publicUrl: () => string },
): PageImageUrls {
  const queries = createSignedQueries({ ...options, purpose: 'paperwright-page-1' });
  const nowSeconds = () => Math.floor(options.clock().getTime() / 1000);
  return {
    sign(image) {
      checkWidth(image.widthPx);
      checkBoxes(image.boxes);
      const { tenantId, sha256, page, boxes, widthPx } = image;
      const expires = (Math.floor(nowSeconds() / HOUR_SECONDS) + 2) * HOUR_SECONDS;
      const parameters = { width: String(widthPx), ...(boxes.length > 0 && { boxes: boxes.map(written).join('_') }) };
      const query = queries.sign([tenantId, sha256, String(page)], expires, parameters);
      return `${options.publicUrl()}${PAGE_IMAGE_PATH}${tenantId}/${sha256}/${page}.png?${query}`;
    },
    open({ tenantId, sha256, page }, query) {
      const { expires, width, boxes } = queries.open([tenantId, sha256, page], query);
      const image = { tenantId, sha256, page: Number(page), boxes: readBoxes(boxes), widthPx: Number(width) };
      return { image, maxAgeSeconds: Number(expires) - nowSeconds() };
    },
  };
}

function checkWidth(widthPx: number): void {
  if (Number.isInteger(widthPx) && widthPx >= MIN_PAGE_WIDTH_PX && widthPx <= MAX_PAGE_WIDTH_PX) return;
  throw badInput(`\`width\` is ${widthPx}. Ask for ${MIN_PAGE_WIDTH_PX} to ${MAX_PAGE_WIDTH_PX} pixels.`, {
    argument: 'width',
    min: MIN_PAGE_WIDTH_PX,
    max: MAX_PAGE_WIDTH_PX,
  });
}

function checkBoxes(boxes: readonly Box[]): void {
  if (boxes.length > MAX_MARKED_BOXES) {
    throw badInput(`${boxes.length} boxes are too many: give up to ${MAX_MARKED_BOXES}.`, {
      argument: 'boxes',
      max: MAX_MARKED_BOXES,
    });
  }
  const isPossible = (points: number) => Number.isFinite(points) && points >= 0 && points <= MAX_POINTS;
  if (boxes.every(({ x, y, width, height }) => [x, y, width, height].every(isPossible))) return;
  throw badInput('A box has `x`, `y`, `width` and `height` in points from the upper left corner, none below 0.', {
    argument: 'boxes',
  });
}

/** "72,100.5,451,12": tenths of a point are a fifth of a pixel at the usual width. */
const written = ({ x, y, width, height }: Box): string =>
  [x, y, width, height].map((points) => String(Math.round(points * 10) / 10)).join(',');

const readBoxes = (text: string | undefined): Box[] =>
  (text?.split('_') ?? []).map((box) => {
    const [x = 0, y = 0, width = 0, height = 0] = box.split(',').map(Number);
    return { x, y, width, height };
  });
