/**
 * The names a paper is listed under come from the caller, from where the paper was fetched, or from the paper itself; what
 * stands beside a name always comes from the paper. They are one author when they are spelled alike.
 */
import type { PaperAuthor } from './structured-paper.js';

/** An author as the paper is listed; the rest is looked up when it is asked for. */
export interface ListedAuthor {
  name: string;
  snapshotId: string | null; // of the reading to look it up in
}

export type PrintedAuthors = ReadonlyMap<string, PaperAuthor>;

export const indexAuthors = (printed: readonly PaperAuthor[]): PrintedAuthors =>
  new Map(printed.map((author) => [folded(author.name), author]));

/** Undefined when the paper prints no such name. */
export const findAuthor = (printed: PrintedAuthors, name: string): PaperAuthor | undefined => printed.get(folded(name));

/** Without case, accents and full stops: "Sarah J. Nelson-Böhm" and "sarah j nelson bohm" are one person here. */
const folded = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase();
