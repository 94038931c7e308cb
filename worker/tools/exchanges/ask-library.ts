/**
 * The project's library as a tool among the others: it grows and is corrected while runs come and go, so what it answered is
 * on the record, and a replay sees it as the run did. Snapshots are not recorded here: they never change, and are read and
 * hashed again by whoever quotes them.
 */
import { askForText } from './exchanges.js';

/** What identifies a question to the library; JSON-safe, in a fixed order. */
export interface LibraryQuestion {
  operation: 'size' | 'services' | 'search' | 'take in' | 'read evidence' | 'read explanations';
  about: unknown;
}

/** What `call` gives, or gave: always as JSON brings it back, so a run and its replay see the very same value. */
export async function askLibrary<T>({ operation, about }: LibraryQuestion, call: () => Promise<T>): Promise<T> {
  const request = { kind: 'LIBRARY', asked: { operation, about }, summary: { operation } } as const;
  return JSON.parse(await askForText(request, async () => JSON.stringify(await call()))) as T;
}
