/**
 * XML as a tree of elements and text, read strictly: no document type declaration, so no entities but the five of XML and
 * character references, and caps on depth and number of elements. What is not well-formed is refused, never repaired.
 *
 * Fails with XmlError, whose `kind` says why.
 */
import { SaxesParser } from 'saxes';

export interface XmlElement {
  name: string; // as written, with its prefix
  attributes: Readonly<Record<string, string>>;
  children: XmlNode[];
}

export type XmlNode = XmlElement | string;

export type XmlFault =
  | 'DOCTYPE' // a document type declaration: the door to entity bombs and outside files
  | 'TRUNCATED' // well-formed as far as it goes
  | 'MALFORMED'
  | 'TOO_LARGE';

export class XmlError extends Error {
  constructor(
    readonly kind: XmlFault,
    message: string,
  ) {
    super(message);
    this.name = 'XmlError';
  }
}

const MAX_DEPTH = 200; // TEI of a paper nests a dozen deep; recursion over the tree stays safe
const MAX_ELEMENTS = 1_000_000; // a paper of 1,000 pages has a fifth of that

export function parseXml(text: string): XmlElement {
  const root: XmlElement = { name: '', attributes: {}, children: [] };
  const open = [root];
  let elements = 0;
  const parser = new SaxesParser();
  parser.on('doctype', () => {
    throw new XmlError('DOCTYPE', 'The document has a document type declaration.');
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element: XmlElement = { name, attributes, children: [] };
    open.at(-1)?.children.push(element);
    open.push(element);
    elements += 1;
    if (open.length > MAX_DEPTH || elements > MAX_ELEMENTS)
      throw new XmlError('TOO_LARGE', 'The document nests too deep or has too many elements.');
  });
  parser.on('closetag', () => open.pop());
  const append = (run: string) => open.at(-1)?.children.push(run);
  parser.on('text', append);
  parser.on('cdata', append);
  told('MALFORMED', () => parser.write(text));
  told('TRUNCATED', () => parser.close());
  return root.children.find(isElement) ?? root;
}

/** The parser throws what is wrong with the syntax as a plain Error; while closing it can only miss the end. */
function told(kind: XmlFault, step: () => unknown): void {
  try {
    step();
  } catch (cause) {
    if (cause instanceof XmlError) throw cause;
    throw new XmlError(kind, cause instanceof Error ? cause.message : String(cause));
  }
}

export const isElement = (node: XmlNode): node is XmlElement => typeof node !== 'string';

/** All text within, on one line. */
export const textOf = (node: XmlNode | undefined): string => onOneLine(node === undefined ? '' : rawTextOf(node));

export const onOneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

function rawTextOf(node: XmlNode): string {
  return isElement(node) ? node.children.map(rawTextOf).join('') : node;
}

export const childrenNamed = (parent: XmlElement | undefined, name: string): XmlElement[] =>
  (parent?.children ?? []).filter((node): node is XmlElement => isElement(node) && node.name === name);

/** The first element along a path of names. */
export function childAt(parent: XmlElement | undefined, ...path: string[]): XmlElement | undefined {
  let element = parent;
  for (const name of path) element = childrenNamed(element, name)[0];
  return element;
}

/** In document order; those within a match are found too. */
export function descendants(parent: XmlElement | undefined, name: string): XmlElement[] {
  return (parent?.children ?? [])
    .filter(isElement)
    .flatMap((element) => [...(element.name === name ? [element] : []), ...descendants(element, name)]);
}
