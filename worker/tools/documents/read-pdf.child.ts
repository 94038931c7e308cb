/**
 * The child process of read-pdf.ts: reads one PDF from standard input and writes one JSON answer to standard output.
 * Whatever a hostile file does to the parser (endless loops, gigabytes, a crash), it does here. It imports nothing of
 * the product and only erasable types, so that Node can run it as it stands.
 */
import { setFlagsFromString } from 'node:v8';
import { getDocumentProxy } from 'unpdf';
import type { PdfAnswer, PdfCaps, PdfFont, PdfPage, PdfRefusal, PdfRun } from './pdf-page.js';

const caps = JSON.parse(process.argv[2] ?? '{}') as PdfCaps;

// Most papers are read before optimised code would pay for its making: a later start saves a quarter of the time. V8 names
// the setting differently since Node 22, and passes over one that it does not know.
const [major = 0] = process.versions.node.split('.').map(Number);
setFlagsFromString(major < 22 ? '--interrupt-budget=1000000' : '--invocation-count-for-turbofan=20000');

// pdf.js moves buffers by a method that Node has since 22; on 20 a copy does as well.
const buffers = ArrayBuffer.prototype as {
  transferToFixedLength?: (this: ArrayBuffer, length?: number) => ArrayBuffer;
};
buffers.transferToFixedLength ??= function (this: ArrayBuffer, length = this.byteLength) {
  return this.slice(0, length);
};

type PdfPageProxy = Awaited<ReturnType<Awaited<ReturnType<typeof getDocumentProxy>>['getPage']>>;

const FEW_CHARACTERS = 40; // a page number and a stamp: what else is there is an image
const MAX_TURNED = 2_000; // characters; the labels of a figure's axes may be many
const WORD = /\p{L}{3}/u; // a font of single letters and signs sets formulas, and its name tells nothing
const NO_IMAGES = 0; // pixels: none is decoded, which would be most of the work
const ANY_IMAGE = -1;
const IMAGE_OPERATORS = new Set([83, 85, 86, 88]); // pdf.js: paintImageMaskXObject, paintImageXObject, inline, repeated

class Refused extends Error {
  readonly refusal: PdfRefusal;
  constructor(refusal: PdfRefusal, detail: string) {
    super(detail);
    this.refusal = refusal;
  }
}

/** A copy of the bytes each time: pdf.js takes what it is given. */
const open = (bytes: Buffer, maxImageSize: number) =>
  getDocumentProxy(new Uint8Array(bytes), {
    verbosity: 0, // errors only; warnings of broken fonts are of no use to anyone
    disableFontFace: true,
    useSystemFonts: false,
    maxImageSize,
  });

async function read(): Promise<PdfAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const pdf = await open(bytes, NO_IMAGES);
  if (pdf.numPages > caps.pages) throw new Refused('TOO_MANY_PAGES', String(pdf.numPages));
  const pages: PdfPage[] = [];
  const fonts = new Map<string, PdfFont>();
  let characters = 0;
  for (let number = 1; number <= pdf.numPages; number++) {
    const page = await pdf.getPage(number);
    const { width, height, transform } = page.getViewport({ scale: 1 });
    if (![width, height].every(Number.isFinite)) throw new Refused('BROKEN', `page ${number} has no size`);
    const { items } = await page.getTextContent();
    const runs: PdfRun[] = [];
    let turned = '';
    for (const item of items) {
      if (!('str' in item) || item.str === '') continue;
      const [a, b, c, d, x, y] = shown(item.transform as number[], transform as number[], height);
      if (Math.abs(b) > 0.3 * Math.abs(a) || a <= 0) {
        turned += item.hasEOL ? `${item.str} ` : item.str; // or mirrored: stamps and axis labels
        continue;
      }
      const run = { text: item.str, x, y, width: item.width, size: Math.hypot(c, d) || a, font: item.fontName };
      if (!isPlaced(run)) continue;
      runs.push(run);
      characters += item.str.length;
    }
    if (characters > caps.characters) throw new Refused('TOO_MUCH_TEXT', String(characters));
    if (runs.some((run) => WORD.test(run.text) && !fonts.has(run.font))) await nameFonts(page, runs, fonts);
    const stamp = number === 1 && turned.trim() !== '' ? { turned: turned.trim().slice(0, MAX_TURNED) } : {};
    pages.push({ number, width, height, runs, ...stamp, hasImage: false });
    page.cleanup();
  }
  await findImages(bytes, pages.filter(isBare));
  const { info } = await pdf.getMetadata().catch(() => ({ info: {} }));
  const title = (info as { Title?: unknown }).Title;
  return { content: { title: typeof title === 'string' ? title : null, fonts: [...fonts.values()], pages } };
}

const FARTHEST = 1_000_000; // points: pages have 14,400 at most (ISO 32000-1, annex C)

/** Damaged fonts and matrices set text nowhere; JSON would make nulls of their numbers. */
const isPlaced = ({ x, y, width, size }: PdfRun): boolean =>
  [x, y, width, size].every((points) => Math.abs(points) < FARTHEST); // never true of NaN

type Matrix = [a: number, b: number, c: number, d: number, x: number, y: number];

/** Where a text stands on the page as it is shown, turned and cropped, rather than as it is stored. Points, y from below. */
function shown(text: readonly number[], viewport: readonly number[], height: number): Matrix {
  const [a = 0, b = 0, c = 0, d = 0, x = 0, y = 0] = text;
  const [va = 1, vb = 0, vc = 0, vd = 1, vx = 0, vy = 0] = viewport; // to points with y from above
  return [
    va * a + vc * b,
    -(vb * a + vd * b),
    va * c + vc * d,
    -(vb * c + vd * d),
    va * x + vc * y + vx,
    height - (vb * x + vd * y + vy),
  ];
}

/** Interprets the page's drawing, which is dear, for what its text does not tell: the names of fonts not met before. */
async function nameFonts(page: PdfPageProxy, runs: readonly PdfRun[], fonts: Map<string, PdfFont>): Promise<void> {
  await page.getOperatorList().catch(() => null);
  for (const id of new Set(runs.map((run) => run.font))) {
    const font = page.commonObjs.has(id) ? (page.commonObjs.get(id) as { name?: string }) : null;
    fonts.set(id, { id, name: font?.name?.replace(/^[A-Z]{6}\+/, '') ?? '' });
  }
}

const isBare = ({ runs }: PdfPage): boolean =>
  runs.reduce((sum, run) => sum + run.text.trim().length, 0) < FEW_CHARACTERS;

/** Of pages with next to no text: do they show an image? */
async function findImages(bytes: Buffer, pages: readonly PdfPage[]): Promise<void> {
  if (pages.length === 0) return;
  const pdf = await open(bytes, ANY_IMAGE);
  for (const bare of pages) {
    const page = await pdf.getPage(bare.number);
    const operators = await page.getOperatorList().catch(() => null);
    bare.hasImage = operators?.fnArray.some((code) => IMAGE_OPERATORS.has(code)) ?? false;
    page.cleanup();
  }
}

function refusalOf(error: unknown): PdfAnswer {
  if (error instanceof Refused) return { refusal: error.refusal, detail: error.message };
  const { name, message } = error as Error;
  return {
    refusal: name === 'PasswordException' ? 'ENCRYPTED' : 'BROKEN',
    detail: `${name}: ${message}`.slice(0, 300),
  };
}

const answer = await read().catch(refusalOf);
process.stdout.write(JSON.stringify(answer), () => process.exit(0));
