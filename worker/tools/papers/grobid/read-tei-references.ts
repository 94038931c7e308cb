/** The reference list out of TEI: `biblStruct` elements, in the order of the list. */
import type { PaperReference } from '../../../../src/papers/structured-paper.js';
import { readCoordinates } from './coordinates.js';
import { arxivIdCalledSo, arxivIdIn, doiIn, webAddressIn } from './identifiers.js';
import { identifier, personName, yearOf } from './read-tei-header.js';
import type { TeiReference } from './tei-paper.js';
import { childAt, childrenNamed, descendants, textOf, type XmlElement } from './xml-tree.js';

export interface TeiReferences {
  references: TeiReference[];
  indexOfId: ReadonlyMap<string, number>; // xml:id → index into `references`
}

export function readReferences(back: XmlElement | undefined): TeiReferences {
  const entries = descendants(back, 'listBibl').flatMap((list) => childrenNamed(list, 'biblStruct'));
  const kept = entries
    .map((entry) => ({ entry, reference: readReference(entry) }))
    .filter(({ reference }) => reference.raw);
  return {
    references: kept.map(({ reference }) => reference),
    indexOfId: new Map(kept.map(({ entry }, index) => [entry.attributes['xml:id'] ?? `#${index}`, index])),
  };
}

function readReference(entry: XmlElement): TeiReference {
  const analytic = childAt(entry, 'analytic');
  const monograph = childAt(entry, 'monogr');
  const titles = [...childrenNamed(analytic, 'title'), ...childrenNamed(monograph, 'title')].filter(textOf);
  const main = titles.find(({ attributes }) => attributes.level === 'a') ?? titles.find(isBookTitle);
  const container = titles.find((title) => title !== main && title.attributes.type !== 'abbrev');
  const printed = textOf(childrenNamed(entry, 'note').find(({ attributes }) => attributes.type === 'raw_reference'));
  const people = [...childrenNamed(analytic, 'author'), ...childrenNamed(monograph, 'author')];
  const fields = {
    title: textOf(main) || null,
    authors: people.map((author) => personName(childAt(author, 'persName')) || textOf(author)).filter(Boolean),
    year: yearOf(childAt(monograph, 'imprint', 'date')),
    venue: textOf(container) || textOf(childAt(monograph, 'meeting')) || null,
  };
  const { label, length } = leadingLabel(printed);
  return {
    ...fields,
    label,
    raw: printed.slice(length) || composed(fields),
    isComposed: printed === '',
    doi: doiIn(identifier(entry, 'DOI')) ?? doiIn(printed),
    arxivId: arxivIdIn(identifier(entry, 'arXiv')) ?? arxivIdCalledSo(printed),
    url: descendants(entry, 'ptr').map(({ attributes }) => webAddressIn(attributes.target))[0] ?? webAddressIn(printed),
    boxes: readCoordinates(entry.attributes.coords),
  };
}

const isBookTitle = ({ attributes }: XmlElement): boolean => attributes.level === 'm';

/** An entry's label, in brackets or as a number with a full stop, and the length of what comes before the entry's words. */
export function leadingLabel(entry: string): { label: string | null; length: number } {
  const found = /^(?:\[([^\]\s]{1,16})\]|\((\d{1,3})\)|(\d{1,3})\.(?=\s))\s*/.exec(entry);
  return { label: found?.[1] ?? found?.[2] ?? found?.[3] ?? null, length: found?.[0].length ?? 0 };
}

/** In the absence of the entry as printed: what was recognised of it, in the usual order. */
function composed({
  authors,
  title,
  venue,
  year,
}: Pick<PaperReference, 'authors' | 'title' | 'venue' | 'year'>): string {
  return [authors.join(', '), title, venue, year].filter(Boolean).join('. ');
}
