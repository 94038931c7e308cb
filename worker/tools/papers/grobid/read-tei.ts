/**
 * GROBID's TEI, as text, to the paper it tells. Reads what GROBID's documented schema has and leaves alone what it does not
 * know; a missing part is an empty field, not a failure.
 *
 * Fails as grobid-failures.ts has it for an answer that is no TEI of GROBID.
 */
import { notGrobid, unusableXml } from './grobid-failures.js';
import { readBody } from './read-tei-body.js';
import { readHeader } from './read-tei-header.js';
import { readReferences } from './read-tei-references.js';
import type { TeiPaper } from './tei-paper.js';
import { childAt, parseXml, XmlError } from './xml-tree.js';

export function readTei(xml: string): TeiPaper {
  if (/^\s*(?:[^\s<]|<(?:!doctype|html\b))/i.test(xml)) throw notGrobid();
  const tei = parsed(xml);
  if (tei.name !== 'TEI') throw notGrobid();
  const text = childAt(tei, 'text');
  const { references, indexOfId } = readReferences(childAt(text, 'back'));
  const paper = { ...readHeader(childAt(tei, 'teiHeader')), references, ...readBody(tei, indexOfId) };
  const lists = Object.values(paper).filter((value) => Array.isArray(value));
  if (lists.some((list) => list.length > MAX_PIECES))
    throw unusableXml(new XmlError('TOO_LARGE', `More than ${MAX_PIECES} pieces of one kind.`));
  return paper;
}

const MAX_PIECES = 20_000; // of a kind: a book of 1,000 pages cites less often, and each is searched for

function parsed(xml: string) {
  try {
    return parseXml(xml);
  } catch (error) {
    throw error instanceof XmlError ? unusableXml(error) : error;
  }
}
