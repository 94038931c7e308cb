/** Reads every paper of a folder that has a truth, one after another, and measures each reading. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { StructuredPaper } from '../../src/papers/structured-paper.js';
import { builtinEngine } from '../../worker/tools/papers/builtin/read-paper.js';
import { peakMemoryDuring } from './peak-memory.js';
import { type PaperScore, type PaperTruth, scorePaper } from './score-paper.js';
import { timePdftotext } from './time-pdftotext.js';

export interface ReadOnce {
  file: string;
  paper: StructuredPaper;
  truth: PaperTruth;
  score: PaperScore;
  pageCount: number;
  ms: number; // the start of the reading process included
  peakBytes: number; // resident, of this process and what it started, above what this process held before
}

export interface FolderReading {
  read: ReadOnce[];
  failed: { file: string; error: string }[];
  pdftotext: { ms: number; peakBytes: number } | null; // null where it is not installed
}

export async function readFolder(folder: string): Promise<FolderReading> {
  const reading: FolderReading = { read: [], failed: [], pdftotext: { ms: 0, peakBytes: 0 } };
  const names = (await readdir(path.join(folder, 'truth'))).filter((name) => name.endsWith('.json')).sort();
  for (const name of names) {
    const truth = JSON.parse(await readFile(path.join(folder, 'truth', name), 'utf8')) as PaperTruth;
    const file = path.join(folder, 'pdf', name.replace(/\.json$/, '.pdf'));
    try {
      reading.read.push(await readOne(file, truth));
    } catch (error) {
      reading.failed.push({ file: path.basename(file), error: (error as Error).message });
      continue;
    }
    const beside = reading.pdftotext && (await timePdftotext(file));
    reading.pdftotext =
      beside && reading.pdftotext
        ? { ms: reading.pdftotext.ms + beside.ms, peakBytes: Math.max(reading.pdftotext.peakBytes, beside.peakBytes) }
        : null;
  }
  return reading;
}

async function readOne(file: string, truth: PaperTruth): Promise<ReadOnce> {
  const bytes = await readFile(file);
  const began = performance.now();
  const { value, peakBytes } = await peakMemoryDuring(() =>
    builtinEngine.read({ bytes, fileName: path.basename(file), signal: new AbortController().signal }),
  );
  const ms = performance.now() - began;
  const { paper } = value;
  return {
    file: path.basename(file),
    paper,
    truth,
    score: scorePaper(paper, truth),
    pageCount: paper.pages.length,
    ms,
    peakBytes,
  };
}
