/**
 * Reads the XML of a feed into plain elements. Whatever is not well-formed is an error, and so is a document type: with
 * none there are no entities to expand, and nothing outside is ever loaded. Names keep their prefix as written.
 */
export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  text: string; // of this element alone, entities decoded
}

const MAX_DEPTH = 100; // feeds have four levels
const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[(?<cdata>[\s\S]*?)\]\]>|<\/(?<close>[^\s<>/]+)\s*>|<(?<open>[^\s<>/!?=]+)(?<attributes>(?:\s+[^\s=<>/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(?<empty>\/?)>|(?<text>[^<]+)/y;
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos));/gi;
const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The root element. Throws an Error that says where it is not XML. */
export function readXml(source: string): XmlElement {
  const document: XmlElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [document];
  const token = new RegExp(TOKEN);
  const text = source.replace(/^\uFEFF/, '');
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const groups = token.exec(text)?.groups;
    const parent = open.at(-1);
    if (!groups || !parent) throw new Error(`No well-formed XML at character ${at}.`);
    if (groups.open) {
      const element = { name: groups.open, attributes: attributesOf(groups.attributes ?? ''), children: [], text: '' };
      parent.children.push(element);
      if (!groups.empty) open.push(element);
      if (open.length > MAX_DEPTH) throw new Error('The XML is nested too deeply.');
    } else if (groups.close) {
      if (parent.name !== groups.close || open.length === 1) throw new Error(`</${groups.close}> closes nothing.`);
      open.pop();
    } else {
      parent.text += groups.cdata ?? decodeEntities(groups.text ?? '');
    }
  }
  const [root, second] = document.children;
  if (open.length > 1 || !root || second || document.text.trim())
    throw new Error('The XML ends too early or too late.');
  return root;
}

export const childrenOf = (element: XmlElement, name: string): XmlElement[] =>
  element.children.filter((child) => child.name === name);

/** The text of the first child of that name on one line; null when there is none or it is empty. */
export function lineOf(element: XmlElement, name: string): string | null {
  const text = childrenOf(element, name)[0]?.text.replace(/\s+/g, ' ').trim();
  return text ? text : null;
}

export const decodeEntities = (text: string): string =>
  text.replace(ENTITY, (whole, decimal?: string, hex?: string, named?: string) => {
    if (named) return NAMED[named.toLowerCase()] ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(hex ?? '', 16);
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : '\uFFFD';
  });

const attributesOf = (source: string): Record<string, string> =>
  Object.fromEntries(
    [...source.matchAll(ATTRIBUTE)].map(([, name = '', double, single]) => [
      name,
      decodeEntities(double ?? single ?? ''),
    ]),
  );
