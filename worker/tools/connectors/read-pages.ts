/** Pages of an answer, one after the other, as one sequence of works. */
import type { FoundWork, SearchOptions } from './source-connector.js';

export interface AnswerPage<Cursor> {
  works: FoundWork[];
  /** Where the next page begins; null: this was the last one. */
  next: Cursor | null;
}

const MAX_PAGES = 20; // a service that never comes to an end is left

/** Asks for a page only when all works before it were taken and more are wanted. */
export async function* readPages<Cursor>(
  first: Cursor,
  { limit, signal }: SearchOptions,
  read: (cursor: Cursor, wanted: number) => Promise<AnswerPage<Cursor>>,
): AsyncGenerator<FoundWork> {
  let cursor: Cursor | null = first;
  let left = limit;
  for (let page = 0; page < MAX_PAGES && cursor !== null && left > 0; page++) {
    signal.throwIfAborted();
    const { works, next }: AnswerPage<Cursor> = await read(cursor, left);
    for (const work of works.slice(0, left)) {
      left--;
      yield work;
    }
    cursor = next;
  }
}
