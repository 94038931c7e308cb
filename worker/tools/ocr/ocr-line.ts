/**
 * What open-ocr.ts and its child process say to each other, and nothing else: this file holds types only, so that the
 * child, which runs outside the compiler's module graph, may share them.
 */

/** Pixels of the picture, from its upper left corner. */
export interface PixelBox {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface OcrWord {
  text: string;
  confidence: number; // 0..1, the engine's own
  box: PixelBox;
}

/** A line of one column, in reading order. */
export interface OcrLine {
  text: string;
  confidence: number; // 0..1, the engine's own
  box: PixelBox;
  baseline: number; // pixels from the top, in the middle of the line
  xHeight: number; // pixels: of letters without ascender, the steadiest measure of a font's size
  words: OcrWord[];
}

export interface OcrOrder {
  language: string; // ISO 639-2, as tesseract names its data
  dataFolder: string; // holds <language>.traineddata.gz
}

/** The child's answer: lines, or that the input is no picture it can read. */
export type OcrAnswer = { lines: OcrLine[] } | { refusal: 'NO_PICTURE'; detail: string };
