/**
 * The child process of read-pdf.ts: reads one PDF from standard input and writes one JSON answer to standard output.
 * Whatever a hostile file does to the parser (endless loops, gigabytes, a crash), it does here. It imports nothing of
 * the product and only erasable types, so that Node can run it as it stands.
 */
import { Worker } from 'node:worker_threads';
import { getDocumentProxy } from 'unpdf';
import type { PdfAnswer, PdfCaps, PdfPage, PdfRefusal, PdfRun } from './pdf-page.js';

const caps = JSON.parse(process.argv[2] ?? '{}') as PdfCaps;

// Whoever started this process may have been killed itself: a thread of its own ends it, whatever loop the parser is in.
new Worker(`setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${caps.wallMs + 5_000})`, { eval: true }).unref();

class Refused extends Error {
  readonly refusal: PdfRefusal;
  constructor(refusal: PdfRefusal, detail: string) {
    super(detail);
    this.refusal = refusal;
  }
}

async function read(): Promise<PdfAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const pdf = await getDocumentProxy(new Uint8Array(Buffer.concat(chunks)), {
    verbosity: 0, // errors only; warnings of broken fonts are of no use to anyone
    disableFontFace: true,
    useSystemFonts: false,
  });
  if (pdf.numPages > caps.pages) throw new Refused('TOO_MANY_PAGES', String(pdf.numPages));
  const pages: PdfPage[] = [];
  let characters = 0;
  for (let number = 1; number <= pdf.numPages; number++) {
    const page = await pdf.getPage(number);
    const { width, height } = page.getViewport({ scale: 1 });
    const { items } = await page.getTextContent();
    const runs: PdfRun[] = [];
    for (const item of items) {
      if (!('str' in item) || item.str === '') continue;
      const [a = 0, b = 0, c = 0, d = 0, x = 0, y = 0] = item.transform as number[];
      if (Math.abs(b) > 0.3 * Math.abs(a) || a <= 0) continue; // turned or mirrored: stamps and axis labels
      runs.push({ text: item.str, x, y, width: item.width, size: Math.hypot(c, d) || a, font: item.fontName });
      characters += item.str.length;
    }
    if (characters > caps.characters) throw new Refused('TOO_MUCH_TEXT', String(characters));
    pages.push({ number, width, height, runs });
    page.cleanup();
  }
  const { info } = await pdf.getMetadata().catch(() => ({ info: {} }));
  const title = (info as { Title?: unknown }).Title;
  return { content: { title: typeof title === 'string' ? title : null, pages } };
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
