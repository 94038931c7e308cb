/**
 * The child process of render-page.ts: reads one PDF from standard input and writes the picture of one page, or why there
 * is none, to standard output. Whatever a hostile file does to the renderer, it does here. It imports nothing of the
 * product but types, so that Node can run it as it stands.
 *
 * The renderer is PDFium (C, as WebAssembly): what looks like a number below is an address in its memory, which may move
 * to another buffer with every call. Nothing is given back: the process ends with the picture.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { init, type WrappedPdfiumModule } from '@embedpdf/pdfium';
import type { Box } from '../structured-paper.js';
import type { DrawingOrder, DrawingRefusal, RefusedDrawing } from './page-drawing.js';

// Constants of PDFium's fpdfview.h
const FPDF_ERR_PASSWORD = 4;
const FPDF_BITMAP_BGRA = 4; // four bytes a pixel
const FPDF_ANNOT = 0x01; // draw annotations as well
const FPDF_REVERSE_BYTE_ORDER = 0x10; // red first, as PNG wants it
const OPAQUE_WHITE = 0xffffffff;

const BYTES_PER_PIXEL = 4;
const POINTER_BYTES = 4; // of 32-bit WebAssembly
const COMPRESSION = 3; // of 0..9: pages of text become no smaller by more

/** What the pixels under a box are multiplied with, as a marker pen does: paper turns yellow, ink stays as dark as it was. */
const MARKER = [1, 233 / 255, 64 / 255];

class Refused extends Error {
  readonly refusal: DrawingRefusal;
  constructor(refusal: DrawingRefusal, detail: string) {
    super(detail);
    this.refusal = refusal;
  }
}

async function draw(order: DrawingOrder): Promise<Uint8Array> {
  const wasmBinary = await readFile(fileURLToPath(import.meta.resolve('@embedpdf/pdfium/pdfium.wasm')));
  const pdfium = await init({ wasmBinary: new Uint8Array(wasmBinary).buffer });
  pdfium.PDFiumExt_Init();
  const page = openPage(pdfium, await readInput(), order.page);
  const points = { width: pdfium.FPDF_GetPageWidthF(page), height: pdfium.FPDF_GetPageHeightF(page) };
  if (!(points.width > 0 && points.height > 0)) throw new Refused('BROKEN', 'the page has no area');
  const picture = pictureSize(points, order);
  const bitmap = pdfium.FPDFBitmap_CreateEx(picture.width, picture.height, FPDF_BITMAP_BGRA, 0, 0);
  if (!bitmap) throw new Error('no memory for the picture');
  pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, picture.width, picture.height, OPAQUE_WHITE);
  const flags = FPDF_ANNOT | FPDF_REVERSE_BYTE_ORDER;
  pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, picture.width, picture.height, 0, flags);
  mark(pixelsOf(pdfium, bitmap, picture), picture, points, order.boxes);
  return encodePng(pdfium, bitmap, picture);
}

async function readInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function openPage(pdfium: WrappedPdfiumModule, bytes: Buffer, number: number): number {
  const address = pdfium.pdfium.wasmExports.malloc(bytes.length);
  pdfium.pdfium.HEAPU8.set(bytes, address);
  const document = pdfium.FPDF_LoadMemDocument(address, bytes.length, '');
  if (!document) {
    const error = pdfium.FPDF_GetLastError();
    throw new Refused(error === FPDF_ERR_PASSWORD ? 'ENCRYPTED' : 'BROKEN', `PDFium error ${error}`);
  }
  const count = pdfium.FPDF_GetPageCount(document);
  if (number > count) throw new Refused('NO_SUCH_PAGE', String(count));
  const page = pdfium.FPDF_LoadPage(document, number - 1);
  if (!page) throw new Refused('BROKEN', `page ${number} cannot be loaded`);
  return page;
}

interface Size {
  width: number;
  height: number;
}

function pictureSize(points: Size, { widthPx, maxPixels }: DrawingOrder): Size {
  const ratio = points.height / points.width;
  const width = Math.max(1, Math.floor(Math.min(widthPx, Math.sqrt(maxPixels / ratio))));
  return { width, height: Math.min(Math.max(1, Math.round(width * ratio)), maxPixels) };
}

function pixelsOf(pdfium: WrappedPdfiumModule, bitmap: number, { width, height }: Size): Uint8Array {
  const address = pdfium.FPDFBitmap_GetBuffer(bitmap);
  return pdfium.pdfium.HEAPU8.subarray(address, address + width * height * BYTES_PER_PIXEL);
}

/** Each pixel is marked once, however many boxes overlap there: a second coat would tell readers something we do not mean. */
function mark(pixels: Uint8Array, { width, height }: Size, points: Size, boxes: readonly Box[]): void {
  const done = new Uint8Array(width * height);
  const [scaleX, scaleY] = [width / points.width, height / points.height];
  for (const box of boxes) {
    const endX = Math.min(width, Math.ceil((box.x + box.width) * scaleX));
    const endY = Math.min(height, Math.ceil((box.y + box.height) * scaleY));
    for (let y = Math.max(0, Math.floor(box.y * scaleY)); y < endY; y++) {
      for (let x = Math.max(0, Math.floor(box.x * scaleX)); x < endX; x++) {
        const pixel = y * width + x;
        if (done[pixel]) continue;
        done[pixel] = 1;
        for (let channel = 0; channel < MARKER.length; channel++) {
          const at = pixel * BYTES_PER_PIXEL + channel;
          pixels[at] = Math.round((pixels[at] ?? 0) * (MARKER[channel] ?? 1));
        }
      }
    }
  }
}

function encodePng(pdfium: WrappedPdfiumModule, bitmap: number, { width, height }: Size): Uint8Array {
  const result = pdfium.pdfium.wasmExports.malloc(POINTER_BYTES);
  const pixels = pdfium.FPDFBitmap_GetBuffer(bitmap);
  const stride = width * BYTES_PER_PIXEL;
  const length = pdfium.EPDF_PNG_EncodeRGBA(pixels, width, height, stride, COMPRESSION, result);
  if (length === 0) throw new Error('no memory for the PNG');
  const address = pdfium.pdfium.getValue(result, '*');
  return pdfium.pdfium.HEAPU8.subarray(address, address + length);
}

/** What is no refusal is a crash, and ends the process as one. */
function refusalOf(error: unknown): Uint8Array {
  if (!(error instanceof Refused)) throw error;
  const refused: RefusedDrawing = { refusal: error.refusal, detail: error.message };
  return Buffer.from(JSON.stringify(refused));
}

const answer = await draw(JSON.parse(process.argv[2] ?? '{}') as DrawingOrder).catch(refusalOf);
process.stdout.write(answer, () => process.exit(0));
