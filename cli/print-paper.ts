/** `paperwright paper`: a file becomes a structured paper, printed as asked. Fails with what the engine fails with. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../src/platform/errors.js';
import { openOcr } from '../worker/tools/ocr/open-ocr.js';
import { createBuiltinEngine } from '../worker/tools/papers/builtin/read-paper.js';
import { createGrobidEngine } from '../worker/tools/papers/grobid/grobid-engine.js';
import type { PaperEngine } from '../worker/tools/papers/paper-engine.js';
import type { PaperRequest } from './arguments.js';
import { paperAsMarkdown } from './paper-as-markdown.js';

const MAX_BYTES = 256 * 1024 * 1024; // 256 MiB: it is held in memory while it is read

export async function printPaper(request: PaperRequest, signal: AbortSignal): Promise<string> {
  const bytes = await readWhole(request.file);
  const engine = engineOf(request);
  const { paper, document } = await engine.read({ bytes, fileName: path.basename(request.file), signal });
  if (request.format === 'markdown') return paperAsMarkdown(paper);
  return `${JSON.stringify({ ...paper, pageCount: document.pageCount ?? null, text: document.text }, null, 2)}\n`;
}

function engineOf({ engine, grobidUrl, ocr }: PaperRequest): PaperEngine {
  const builtin = createBuiltinEngine(ocr ? { ocr: openOcr({ languages: ['eng'] }) } : {});
  return engine === 'grobid' ? createGrobidEngine({ url: grobidUrl, base: builtin }) : builtin;
}

async function readWhole(file: string): Promise<Buffer> {
  const found = await stat(file).catch(() => null);
  if (!found) throw new AppError('NOT_FOUND', `There is no file ${file}.`, { hint: 'Check its name and folder.' });
  if (!found.isFile()) throw new AppError('BAD_INPUT', `${file} is no file.`, { hint: 'Name one file to read.' });
  if (found.size > MAX_BYTES) {
    throw new AppError('BAD_INPUT', `The file has ${found.size} bytes; the limit is ${MAX_BYTES}.`, {
      hint: 'Split it.',
    });
  }
  return readFile(file);
}
