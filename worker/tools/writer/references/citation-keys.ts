/**
 * Keys of the sources in references.bib and references.csl.json: who, when and about what, in ASCII. A key depends on its
 * source and on which others share its stem, never on the order they are cited in.
 */
import { STOP_WORDS } from '../../../../src/evidence/stop-words.js';
import type { FinishedSource } from '../finished-report.js';
import { splitName } from './split-name.js';

const MAX_PART_CHARS = 24;
const HASH_CHARS = 6; // of the snapshot's sha256, where two sources would be called the same

/** Key by source id: "voorhees2000variations", or "voorhees2000variations-3edcd0" beside another of that name. */
export function citationKeys(sources: readonly FinishedSource[]): Map<string, string> {
  const taken = new Set<string>();
  const stems = sources.map(stemOf);
  return new Map(
    sources.map((source, index) => {
      const stem = stems[index] ?? '';
      const shared = stems.filter((other) => other === stem).length > 1;
      const key = shared ? `${stem}-${source.snapshotSha256.slice(0, HASH_CHARS)}` : stem;
      const free = taken.has(key) ? `${key}-${source.number}` : key; // one text, listed as two works
      taken.add(free);
      return [source.sourceId, free];
    }),
  );
}

function stemOf({ authors, year, title }: FinishedSource): string {
  const [first] = authors;
  const name = first === undefined ? '' : ascii(splitName(first).family);
  const word = title.split(/[^\p{L}\p{N}]+/u).find((part) => part.length > 3 && !STOP_WORDS.has(part.toLowerCase()));
  return `${name || 'anon'}${year ?? ''}${ascii(word ?? '')}`;
}

const ascii = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]/gu, '')
    .slice(0, MAX_PART_CHARS);
