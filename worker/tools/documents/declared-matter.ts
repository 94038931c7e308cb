/**
 * What a Markdown paper declares of itself before its text, as Pandoc, Quarto and the open journals write it: a title,
 * authors with affiliations, a date, keywords, an abstract. Reads the plain block style of YAML and one-line lists; what it does
 * not understand it leaves out.
 */
export interface DeclaredAuthor {
  name: string;
  affiliations: string[];
  email: string | null;
  orcid: string | null;
}

export interface DeclaredMatter {
  title: string | null;
  authors: DeclaredAuthor[];
  abstract: string | null;
  year: number | null;
  doi: string | null;
  keywords: string[];
}

type Node = string | Node[] | { [key: string]: Node };

interface SourceLine {
  indent: number;
  text: string;
}

const MAX_LINES = 500;
const MAX_DEPTH = 8;

/** `yaml`: what stands between the two rules. */
export function declaredMatter(yaml: string): DeclaredMatter {
  const lines = yaml
    .split('\n')
    .slice(0, MAX_LINES)
    .filter((line) => line.trim() !== '' && !/^\s*#/.test(line))
    .map((line): SourceLine => ({ indent: line.search(/\S/), text: line.trim() }));
  const root = blockOf(lines, 0);
  const get = (...keys: string[]): Node | undefined =>
    typeof root === 'object' && !Array.isArray(root)
      ? keys.map((key) => root[key]).find((node) => node !== undefined)
      : undefined;
  const places = placesOf(get('affiliations', 'affiliation', 'institute'));
  return {
    title: textOf(get('title')),
    authors: listOf(get('authors', 'author')).flatMap((node) => authorOf(node, places)),
    abstract: textOf(get('abstract', 'summary')),
    year: Number(/\b(?:19|20)\d\d\b/.exec(textOf(get('date', 'year', 'published')) ?? '')?.[0] ?? 0) || null,
    doi: /10\.\d{4,9}\/\S+/.exec(textOf(get('doi')) ?? '')?.[0].toLowerCase() ?? null,
    keywords: listOf(get('keywords', 'tags')).flatMap((node) => textOf(node)?.split(/\s*[,;]\s*/) ?? []),
  };
}

/** The lines from the first on, as deep as that or deeper. */
function blockOf(lines: readonly SourceLine[], depth: number): Node {
  const first = lines[0];
  if (!first || depth > MAX_DEPTH) return '';
  if (first.text.startsWith('- ')) return groupsOf(lines, first.indent).map((group) => itemOf(group, depth));
  const map: { [key: string]: Node } = {};
  for (const [head, ...rest] of groupsOf(lines, first.indent)) {
    const [, key, value = ''] = /^["']?([\w-]+)["']?:(?:\s+(.*))?$/.exec(head?.text ?? '') ?? [];
    if (key === undefined) continue;
    map[key] = /^[|>][+-]?$/.test(value)
      ? rest.map(({ text }) => text).join(' ')
      : value === ''
        ? blockOf(rest, depth + 1)
        : scalarOf([value, ...rest.map(({ text }) => text)].join(' '));
  }
  return map;
}

/** A line at the given depth, and what is set under it. A list may stand as deep as the key that it belongs to. */
function groupsOf(lines: readonly SourceLine[], indent: number): SourceLine[][] {
  const isList = lines[0]?.text.startsWith('- ') ?? false;
  const groups: SourceLine[][] = [];
  for (const line of lines) {
    const begins = line.indent <= indent && (isList || !line.text.startsWith('- '));
    if (begins || groups.length === 0) groups.push([line]);
    else groups.at(-1)?.push(line);
  }
  return groups;
}

function itemOf([head, ...rest]: readonly SourceLine[], depth: number): Node {
  const text = head?.text.slice(2).trim() ?? '';
  if (!/^["']?[\w-]+["']?:(?:\s|$)/.test(text)) return scalarOf(text);
  return blockOf([{ indent: (head?.indent ?? 0) + 2, text }, ...rest], depth + 1);
}

function scalarOf(text: string): Node {
  const list = /^\[(.*)\]$/.exec(text)?.[1];
  if (list !== undefined) return list.split(',').map((part) => unquoted(part.trim()));
  return unquoted(text);
}

const unquoted = (text: string): string =>
  /^(["'])(.*?)\1(?:\s+#.*)?$/.exec(text)?.[2] ?? text.replace(/(?:^|\s+)#.*$/, '');

const listOf = (node: Node | undefined): Node[] =>
  node === undefined || node === '' ? [] : Array.isArray(node) ? node : [node];

const textOf = (node: Node | undefined): string | null => (typeof node === 'string' && node !== '' ? node : null);

/** By number or id, or in order where neither is given. */
function placesOf(node: Node | undefined): Map<string, string> {
  const places = new Map<string, string>();
  listOf(node).forEach((place, index) => {
    const map = typeof place === 'object' && !Array.isArray(place) ? place : { name: place };
    const name = textOf(map.name) ?? textOf(map.institution);
    if (name) places.set(textOf(map.index) ?? textOf(map.id) ?? String(index + 1), name);
  });
  return places;
}

function authorOf(node: Node, places: ReadonlyMap<string, string>): DeclaredAuthor[] {
  if (typeof node === 'string')
    return node.split(/\s*;\s*|\s+and\s+/).map((name) => ({ name, affiliations: [], email: null, orcid: null }));
  if (Array.isArray(node)) return [];
  const given = [textOf(node['given-names']) ?? textOf(node.given), textOf(node.surname) ?? textOf(node.family)];
  const name = textOf(node.name) ?? given.filter((half) => half !== null).join(' ');
  if (name === '') return [];
  const calls = listOf(node.affiliations ?? node.affiliation).flatMap(
    (call) => textOf(call)?.split(/\s*[,;]\s*(?=\d)/) ?? [],
  );
  const affiliations = calls.map((call) => places.get(call) ?? call).filter((place) => !/^\d+$/.test(place));
  const orcid = /\d{4}-\d{4}-\d{4}-\d{3}[\dX]/.exec(textOf(node.orcid) ?? '')?.[0] ?? null;
  return [{ name, affiliations, email: textOf(node.email), orcid }];
}
