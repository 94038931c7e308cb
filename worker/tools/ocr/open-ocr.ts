/**
 * Reads the text that a picture shows, by tesseract.js with language data that are installed beside it: nothing is fetched.
 * Packages and data are optional; opening says so when they are missing, and nothing of them is loaded in this process.
 * Each picture is read in a capped child process of its own (starting one takes a tenth of reading a page), so there is
 * nothing to close: what was being read ends with its signal.
 *
 * Reading fails with UNREADABLE_DOCUMENT (no picture, over a cap) or with the reason of the signal.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { askCappedChild, type ChildCaps, childFileOf } from '../../../src/platform/capped-child.js';
import { AppError } from '../../../src/platform/errors.js';
import type { OcrAnswer, OcrLine, OcrOrder } from './ocr-line.js';

/** Of ISO 639-2. Each has its data in the package @tesseract.js-data/<language>. */
export const OCR_LANGUAGES = ['eng'] as const;
export type OcrLanguage = (typeof OCR_LANGUAGES)[number];

export interface OcrReader {
  engine: string; // name@version
  /** Lines in reading order, column by column; boxes in pixels. A picture without text has none. */
  recognise(png: Uint8Array, options: { signal: AbortSignal }): Promise<OcrLine[]>;
}

const MIB = 1024 * 1024;

export const OCR_CAPS: ChildCaps = {
  wallMs: 120_000, // 2 minutes: a page of text at 300 dots an inch takes 3 seconds, a crowded map many times that
  residentBytes: 1_024 * MIB, // 300 MB for a page
  heapMib: 256,
  wasmMib: 768,
  answerBytes: 32 * MIB,
};

/** The accurate model with its weights rounded to integers: better than the fast one, and no slower here. */
const MODEL = '4.0.0_best_int';

/** Throws UNAVAILABLE when the packages are not installed. */
export function openOcr(options: { languages: readonly [OcrLanguage] }, caps = OCR_CAPS): OcrReader {
  const [language] = options.languages;
  const { engine, dataFolder } = locate(language);
  const order: OcrOrder = { language, dataFolder };
  const file = childFileOf(import.meta.url, './open-ocr.child');
  return {
    engine,
    async recognise(png, { signal }) {
      const outcome = await askCappedChild({ file, argument: order, input: png, caps, signal });
      if ('failure' in outcome) throw failed(outcome.failure, caps);
      const answer = JSON.parse(outcome.answer.toString('utf8')) as OcrAnswer;
      if ('lines' in answer) return answer.lines;
      throw new AppError('UNREADABLE_DOCUMENT', 'The file is no picture that can be read.', {
        hint: 'Save it as PNG and try again.',
        cause: new Error(answer.detail),
      });
    },
  };
}

function locate(language: OcrLanguage): { engine: string; dataFolder: string } {
  const require = createRequire(import.meta.url);
  const data = `@tesseract.js-data/${language}`;
  try {
    const { version } = require('tesseract.js/package.json') as { version: string };
    const file = require.resolve(`${data}/${MODEL}/${language}.traineddata.gz`);
    return { engine: `tesseract.js@${version}`, dataFolder: path.dirname(file) };
  } catch (cause) {
    throw new AppError('UNAVAILABLE', `Reading scanned pages needs the packages tesseract.js and ${data}.`, {
      hint: 'Install the optional dependencies as well, or switch the reading of scanned pages off.',
      cause,
    });
  }
}

const failed = (failure: 'TOO_SLOW' | 'TOO_LARGE' | 'CRASHED', caps: ChildCaps): AppError =>
  new AppError(
    'UNREADABLE_DOCUMENT',
    failure === 'TOO_SLOW'
      ? `Reading the picture took longer than ${caps.wallMs / 1000} seconds.`
      : 'Reading the picture took more memory than a picture may.',
    { hint: 'Recognise the text with another program and upload the result.', cause: new Error(failure) },
  );
