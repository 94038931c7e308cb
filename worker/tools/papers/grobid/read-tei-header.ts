/** The front of a paper out of a TEI header: title, authors, abstract, date, identifiers, keywords. */
import type { PaperAuthor } from '../../../../src/papers/structured-paper.js';
import { readCoordinates } from './coordinates.js';
import { arxivIdIn, doiIn, orcidIn, yearIn } from './identifiers.js';
import type { TeiHeader, Unplaced } from './tei-paper.js';
import { childAt, childrenNamed, descendants, isElement, textOf, type XmlElement } from './xml-tree.js';

export function readHeader(header: XmlElement | undefined): TeiHeader {
  const file = childAt(header, 'fileDesc');
  const source = childAt(file, 'sourceDesc', 'biblStruct');
  const title = childAt(file, 'titleStmt', 'title');
  const application = childAt(header, 'encodingDesc', 'appInfo', 'application');
  const parameters = childrenNamed(application, 'label').find(({ attributes }) => attributes.type === 'parameters');
  const titleText = textOf(title);
  return {
    version: application?.attributes.version ?? null,
    title: titleText ? { text: titleText, boxes: readCoordinates(title?.attributes.coords) } : null,
    authors: childrenNamed(childAt(source, 'analytic'), 'author').flatMap(readAuthor),
    abstract: readAbstract(childAt(header, 'profileDesc', 'abstract')),
    year: yearOf(childAt(file, 'publicationStmt', 'date')) ?? yearOf(childAt(source, 'monogr', 'imprint', 'date')),
    doi: doiIn(identifier(source, 'DOI')),
    arxivId: arxivIdIn(identifier(source, 'arXiv')),
    keywords: readKeywords(childAt(header, 'profileDesc', 'textClass', 'keywords')),
    isConsolidated:
      source?.attributes.status === 'consolidated' || /consolidate(?:Header|Citations)=[1-3]/.test(textOf(parameters)),
  };
}

/** The text of the `idno` of that type, in whatever case the type is written. */
export const identifier = (parent: XmlElement | undefined, type: string): string | undefined =>
  descendants(parent, 'idno')
    .filter(({ attributes }) => attributes.type?.toLowerCase() === type.toLowerCase())
    .map(textOf)[0];

/** The ISO date of `when` before the printed one. */
export const yearOf = (date: XmlElement | undefined): number | null =>
  yearIn(date?.attributes.when) ?? yearIn(textOf(date));

/** Given names before the family name; initials get the full stop back that GROBID takes from them. */
export const personName = (person: XmlElement | undefined): string =>
  ['forename', 'surname', 'genName'] // not 'roleName': "Dr." is no part of a name as an author's
    .flatMap((part) => childrenNamed(person, part).map(textOf))
    .map((part) => (/^\p{Lu}$/u.test(part) ? `${part}.` : part))
    .join(' ');

/** An affiliation that GROBID could attach to nobody comes as an author without a name. */
function readAuthor(author: XmlElement): Unplaced<PaperAuthor>[] {
  const person = childAt(author, 'persName');
  const collaboration = childAt(author, 'orgName');
  const name = person ? personName(person) : textOf(collaboration);
  if (name === '') return [];
  return [
    {
      name,
      affiliations: childrenNamed(author, 'affiliation').map(affiliationText).filter(Boolean),
      email: textOf(childAt(author, 'email')).toLowerCase() || null,
      orcid: orcidIn(identifier(author, 'ORCID')),
      boxes: readCoordinates((person ?? collaboration)?.attributes.coords),
    },
  ];
}

/** As printed when GROBID gives that; else the parts it recognised. */
function affiliationText(affiliation: XmlElement): string {
  const raw = childrenNamed(affiliation, 'note').find(({ attributes }) => attributes.type === 'raw_affiliation');
  if (raw)
    return textOf({ ...raw, children: raw.children.filter((node) => !isElement(node) || node.name !== 'label') });
  const address = childAt(affiliation, 'address');
  const parts = [...childrenNamed(affiliation, 'orgName'), ...(address?.children ?? []).filter(isElement)];
  return parts.map(textOf).filter(Boolean).join(', ');
}

/** Paragraphs with a blank line between; the heading of a part of a structured abstract leads its paragraph. */
function readAbstract(abstract: XmlElement | undefined): string | null {
  const divisions = [abstract, ...descendants(abstract, 'div')];
  const paragraphs = divisions.flatMap((division) => {
    const [first, ...rest] = childrenNamed(division, 'p').map(textOf).filter(Boolean);
    const heading = textOf(childAt(division, 'head'));
    return first === undefined ? [] : [heading ? `${heading} ${first}` : first, ...rest];
  });
  return (paragraphs.length > 0 ? paragraphs.join('\n\n') : textOf(abstract)) || null;
}

function readKeywords(keywords: XmlElement | undefined): string[] {
  const terms = childrenNamed(keywords, 'term').map(textOf);
  const all = terms.length > 0 ? terms : textOf(keywords).split(/[;,·•|]/);
  return [...new Set(all.map((term) => term.trim()).filter(Boolean))];
}
