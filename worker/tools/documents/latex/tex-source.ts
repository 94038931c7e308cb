/** The grammar of TeX as far as a reader of text needs it: comments, groups in braces, optional arguments, own macros. */

/** Without comments; an escaped percent sign stays. Verbatim listings lose theirs too, which no prose depends on. */
export const withoutComments = (source: string): string =>
  source.replace(/(?<!\\)((?:\\\\)*)%[^\n]*(?:\n[ \t]*(?!\n))?/g, '$1');

export interface Argument {
  text: string; // without its braces
  end: number; // index after it
}

/** The group in braces at `index`, spaces before it skipped; undefined when none stands there or it never ends. */
export function groupAt(source: string, index: number): Argument | undefined {
  return delimited(source, skipSpaces(source, index), '{', '}');
}

/** The optional argument in brackets at `index`. */
export function optionAt(source: string, index: number): Argument | undefined {
  return delimited(source, skipSpaces(source, index), '[', ']');
}

const MAX_GROUP = 10_000; // characters: longer is an unbalanced brace, not an argument; keeps a source full of them affordable

function delimited(source: string, start: number, open: string, close: string): Argument | undefined {
  if (source[start] !== open) return undefined;
  let depth = 0;
  const last = Math.min(source.length, start + MAX_GROUP);
  for (let index = start; index < last; index++) {
    const char = source[index];
    if (char === '\\') index += 1;
    else if (char === open || (open === '[' && char === '{')) depth += 1;
    else if (char === close || (open === '[' && char === '}')) depth -= 1;
    if (depth === 0) return { text: source.slice(start + 1, index), end: index + 1 };
  }
  return undefined;
}

export function skipSpaces(source: string, index: number): number {
  let at = index;
  while (source[at] === ' ' || source[at] === '\t' || source[at] === '\n') at += 1;
  return at;
}

export interface Macro {
  parameters: number;
  body: string;
}

const DEFINITION =
  /\\(?:(?:re)?newcommand|providecommand|DeclareMathOperator)\*?\s*\{?\\([A-Za-z]+)\}?|\\def\s*\\([A-Za-z]+)\s*(?=\{)/g;

/** The macros that a document defines for itself, by name; those with patterns of their own are left out. */
export function macrosOf(source: string): Map<string, Macro> {
  const macros = new Map<string, Macro>();
  for (const match of source.matchAll(DEFINITION)) {
    const after = match.index + match[0].length;
    const count = optionAt(source, after);
    const byDefault = count && optionAt(source, count.end);
    const body = groupAt(source, byDefault?.end ?? count?.end ?? after);
    if (body && !byDefault)
      macros.set(match[1] ?? match[2] ?? '', { parameters: Number(count?.text ?? 0) || 0, body: body.text });
  }
  return macros;
}

const MAX_EXPANSIONS = 50_000; // of a document; a macro that calls itself ends here
const MAX_GROWTH = 4; // times the source

/** `source` with the document's own macros written out. A bomb of macros stays as it stands where the caps are reached. */
export function expanded(source: string, macros: ReadonlyMap<string, Macro>): string {
  let left = MAX_EXPANSIONS;
  let size = MAX_GROWTH * source.length + 100_000;
  const expand = (text: string, depth: number): string => {
    if (depth > MAX_DEPTH) return text;
    const parts: string[] = [];
    let from = 0;
    for (const match of text.matchAll(/\\([A-Za-z]+)/g)) {
      const macro = macros.get(match[1] ?? '');
      if (!macro || match.index < from || left <= 0 || size <= 0) continue;
      const call = argumentsAt(text, match.index + match[0].length, macro.parameters);
      if (!call) continue;
      left -= 1;
      const body = macro.body.replace(/#([1-9])/g, (_, number: string) => call.texts[Number(number) - 1] ?? '');
      size -= body.length;
      parts.push(text.slice(from, match.index), expand(body, depth + 1));
      from = call.end;
    }
    return parts.length === 0 ? text : parts.join('') + text.slice(from);
  };
  return expand(source, 0);
}

const MAX_DEPTH = 8;

function argumentsAt(source: string, index: number, count: number): { texts: string[]; end: number } | undefined {
  const texts: string[] = [];
  let end = index;
  for (let number = 0; number < count; number++) {
    const group = groupAt(source, end);
    if (!group) return undefined;
    texts.push(group.text);
    end = group.end;
  }
  return { texts, end };
}
