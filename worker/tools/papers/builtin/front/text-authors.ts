/** Authors of a document without pages: names in the short paragraphs between its title and its text. */
import { placeOf } from '../../../../../src/papers/place-of.js';
import type { PaperSource } from '../paper-source.js';
import { cleaned } from './affiliations.js';
import type { FoundAuthors } from './authors.js';
import { addressesIn, spells } from './contacts.js';
import { squeeze } from './front-page.js';
import { isInstitution, isName, namesOf, readPiece, splitList } from './names.js';
import { stretchOf } from './stretch.js';

const NO_FACTS = { marked: 0, placed: 0, mailed: 0, repeated: false };
/** A file's front matter is no part of the text: what it declares stands before the first byte. */
const NOWHERE = { startOffset: 0, endOffset: 0, page: null, box: null };

const MAX_CHARS = 600; // of a list of names
const MAX_PARAGRAPHS = 6; // from the title to the names

export function authorsOfText(
  source: PaperSource,
  bytes: Buffer,
  title: string | null,
  textStart: number | null,
): FoundAuthors {
  const { paragraphs, declared } = source.layout;
  if (declared && declared.authors.length > 0)
    return { authors: declared.authors.map((author) => ({ ...author, ...NOWHERE })), facts: NO_FACTS };
  const wanted = title === null ? '' : squeeze(title);
  const at = paragraphs.slice(0, 10).findIndex(({ text }) => wanted !== '' && squeeze(text) === wanted);
  const front = paragraphs
    .slice(at + 1, at + 1 + MAX_PARAGRAPHS)
    .filter(
      ({ role, text, startOffset }) =>
        role !== 'HEADING' && text.length < MAX_CHARS && (textStart === null || startOffset < textStart),
    );
  const text = front.map((paragraph) => paragraph.text).join('\n');
  for (const paragraph of front) {
    for (const line of linesOf(paragraph.text)) {
      const startOffset = paragraph.startOffset + Buffer.byteLength(paragraph.text.slice(0, line.start));
      const list = stretchOf(bytes, { startOffset, endOffset: startOffset + Buffer.byteLength(line.text) });
      const pieces = splitList(list)
        .map((piece) => readPiece(piece.text).name)
        .filter((name) => name !== '');
      if (pieces.length === 0 || !pieces.every(isName)) continue;
      const names = namesOf(list);
      const places = linesOf(text)
        .map((other) => other.text)
        .filter((other) => isInstitution(other) && !other.includes('@'))
        .map(cleaned);
      const addresses = addressesIn(text);
      const authors = names.map(({ name, startOffset: start, endOffset }) => ({
        name,
        affiliations: names.length === 1 || places.length === 1 ? places : [],
        email: addresses.find((address) => spells(address, name) > 0) ?? null,
        orcid: null,
        ...placeOf(source.lines, start, endOffset),
      }));
      const mailed = authors.filter(({ email }) => email !== null).length;
      return {
        authors,
        facts: {
          marked: 0,
          placed: authors.filter(({ affiliations }) => affiliations.length > 0).length,
          mailed,
          repeated: false,
        },
      };
    }
  }
  return { authors: [], facts: NO_FACTS };
}

function linesOf(text: string): { text: string; start: number }[] {
  let start = 0;
  return text.split('\n').map((line) => {
    const at = start;
    start += line.length + 1;
    return { text: line, start: at };
  });
}
