/**
 * What the abbreviations of a report stand for, in the words of the source that uses them: each has a receipt for the place
 * where that source explains it. One that is explained nowhere in what was read stays unexplained: nothing is guessed.
 */
import { byteOffsetMap } from '../../../src/evidence/byte-offsets.js';
import { findAcronyms } from './aliases.js';
import type { DraftAbbreviation, DraftClaim } from './draft-shape.js';
import type { EvidenceSnippet } from './evidence-snippet.js';

const USED = /(?<![\p{L}\p{N}-])\p{Lu}[\p{L}\p{N}-]{0,8}\p{Lu}s?(?![\p{L}\p{N}-])/gu;
const MAX_ABBREVIATIONS = 16; // a list that is read, not searched

/** In the order in which the report uses them; those that a claim explains before or where it is first used are left out. */
export function explainAbbreviations(
  claims: readonly DraftClaim[],
  snippets: readonly EvidenceSnippet[],
): DraftAbbreviation[] {
  const known = new Set<string>();
  const found: DraftAbbreviation[] = [];
  for (const claim of claims) {
    const sourceId = claim.receipts[0]?.sourceId ?? '';
    for (const { short } of findAcronyms(claim.text)) known.add(keyOf(short, sourceId));
    for (const [used] of claim.text.matchAll(USED)) {
      const key = keyOf(used, sourceId);
      if (known.has(key)) continue;
      known.add(key);
      const explained = findExplanation(used, sourceId, snippets);
      if (explained) found.push(explained);
    }
  }
  return found.slice(0, MAX_ABBREVIATIONS);
}

/**
 * Where the whole text of a source explains abbreviations that the passages read of it use and do not explain, first place
 * each: UTF-8 bytes of the text, half-open. What stands there has to be read too.
 */
export function findMissingExplanations(
  text: string,
  passages: readonly string[],
): { startOffset: number; endOffset: number }[] {
  const known = new Set(passages.flatMap((passage) => findAcronyms(passage).map(({ short }) => singular(short))));
  const used = new Set(passages.flatMap((passage) => passage.match(USED) ?? []).map(singular));
  const wanted = new Set([...used].filter((short) => !known.has(short)));
  if (wanted.size === 0) return [];
  const bytes = byteOffsetMap(text);
  return findAcronyms(text).flatMap(({ short, start, end }) => {
    if (!wanted.delete(singular(short))) return [];
    return [{ startOffset: bytes[start] ?? 0, endOffset: bytes[end] ?? 0 }];
  });
}

/** As `findExplanation` reads it out of a quote: what the factcheck must find there again. */
export function readExplanation(quote: string): { short: string; long: string } | null {
  const [only] = findAcronyms(quote);
  return only && only.start === 0 && only.end === quote.length
    ? { short: only.short, long: only.long.replace(/\s+/gu, ' ') }
    : null;
}

const singular = (short: string) => short.replace(/(?<=\p{Lu})s$/u, '');
const keyOf = (short: string, sourceId: string) => `${sourceId} ${singular(short)}`;

/** Where the source explains it first. */
function findExplanation(
  used: string,
  sourceId: string,
  snippets: readonly EvidenceSnippet[],
): DraftAbbreviation | undefined {
  const places = snippets
    .filter((snippet) => snippet.sourceId === sourceId)
    .flatMap((snippet) => {
      const definition = findAcronyms(snippet.text).find(({ short }) => singular(short) === singular(used));
      return definition ? [{ snippet, definition, at: snippet.startOffset + definition.start }] : [];
    })
    .sort((a, b) => a.at - b.at);
  for (const { snippet, definition } of places) {
    const quote = snippet.text.slice(definition.start, definition.end);
    const explained = readExplanation(quote);
    if (!explained || /[-‐]\s*\n/u.test(quote)) continue; // a word broken at the end of a line is none
    const bytes = byteOffsetMap(snippet.text);
    const startOffset = snippet.startOffset + (bytes[definition.start] ?? 0);
    return {
      ...explained,
      receipt: {
        snippetId: snippet.snippetId,
        sourceId,
        snapshotId: snippet.snapshotId,
        snapshotSha256: snippet.snapshotSha256,
        quote,
        startOffset,
        endOffset: snippet.startOffset + (bytes[definition.end] ?? 0),
        page: snippet.pageStarts.findLast((start) => start.startOffset <= startOffset)?.page ?? snippet.page,
        stance: 'SUPPORTS',
        score: 1,
      },
    };
  }
  return undefined;
}
