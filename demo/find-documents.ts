/**
 * Finds the documents among files and folders: .md, .txt and .pdf, folders with all they contain, each file once, in the
 * order of their names. Anything else in a folder is passed over and counted; a file that was named and cannot be taken
 * is an error.
 */
import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';

export interface DocumentFacts {
  year?: number;
}

export interface FoundDocument {
  file: string; // absolute
  /** As shown: below the folder it was found in. */
  name: string;
  mediaType: string;
}

export interface FoundDocuments {
  documents: FoundDocument[];
  /** Files in folders that are of no use here. */
  skipped: string[];
  /** A sentence each; then nothing should be begun. */
  problems: string[];
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.md': 'text/markdown',
  '.txt': 'text/plain',
  '.pdf': 'application/pdf',
};

export async function findDocuments(paths: readonly string[], from: string, except?: RegExp): Promise<FoundDocuments> {
  const found: FoundDocuments = { documents: [], skipped: [], problems: [] };
  for (const given of paths) {
    const absolute = path.resolve(from, given);
    try {
      if ((await stat(absolute)).isDirectory()) await walk(absolute, given, found, except);
      else await take(absolute, given, found);
    } catch (error) {
      found.problems.push(`${given}: ${inWords(error)}.`);
    }
  }
  const seen = new Set<string>();
  found.documents = found.documents.filter(({ file }) => !seen.has(file) && seen.add(file));
  return found;
}

async function walk(folder: string, given: string, found: FoundDocuments, except?: RegExp): Promise<void> {
  const before = found.documents.length;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: string[] = [];
  for (const entry of entries) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile() || (entry.isSymbolicLink() && (await stat(file)).isFile())) files.push(file);
  }
  for (const file of files.sort()) {
    const name = path.relative(folder, file);
    if (name.split(path.sep).some((part) => part.startsWith('.'))) continue;
    if (except?.test(name)) continue;
    const mediaType = mediaTypeOf(file);
    if (mediaType) found.documents.push({ file, name, mediaType });
    else found.skipped.push(name);
  }
  if (found.documents.length === before) {
    found.problems.push(`${given}: there is no .md, .txt or .pdf file in this folder.`);
  }
}

async function take(file: string, given: string, found: FoundDocuments): Promise<void> {
  const mediaType = mediaTypeOf(file);
  if (!mediaType) {
    found.problems.push(`${given}: only .md, .txt and .pdf files can be read.`);
    return;
  }
  await (await open(file)).close(); // whether it may be read is known before anything is begun
  found.documents.push({ file, name: path.basename(file), mediaType });
}

const mediaTypeOf = (file: string): string | undefined => MEDIA_TYPES[path.extname(file).toLowerCase()];

/** Why a file or folder could not be opened, as the end of a sentence. */
export function inWords(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file or folder';
  if (code === 'EACCES' || code === 'EPERM') return 'you may not read it';
  return message;
}
