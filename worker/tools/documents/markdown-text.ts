/**
 * Markdown → the text a reader sees: emphasis, links and images give way to their words, lines of a paragraph are
 * joined, headings stand alone without their marks. Quotes of it read as prose. Code, tables and HTML are kept, marked as
 * no evidence. Covers the common ground of CommonMark; what it does not know stays as it is written.
 */
import type { ExcludedSpan, HeadingSpan } from '../../../src/evidence/document-text.js';
import { type DeclaredMatter, declaredMatter } from './declared-matter.js';
import { type ParagraphToSet, setParagraphs } from './set-paragraphs.js';

export interface MarkdownText {
  text: string;
  title: string | undefined;
  headings: HeadingSpan[];
  code: ExcludedSpan[]; // code blocks and tables
  declared: DeclaredMatter | null; // the front matter, where there is one
}

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const ATX_HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const LIST_ITEM = /^\s*(?:[-*+]|\d{1,9}[.)])\s+/;
const TABLE_ROW = /^\s*\|.*\|\s*$/;
const RULE = /^ {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$/;
const LINK_DEFINITION = /^ {0,3}\[[^\]^][^\]]*\]:\s+\S+/;

/** `source` is normalised. The title is the front matter's, else the first heading of the highest level. */
export function markdownText(source: string): MarkdownText {
  const { body, declared } = splitFrontMatter(source);
  const paragraphs: ParagraphToSet[] = [];
  let open: string[] = [];
  const close = () => {
    const text = plainInline(open.map((line) => line.trim()).join(' '));
    if (text !== '') paragraphs.push({ text });
    open = [];
  };
  const lines = body.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const fence = FENCE.exec(line)?.[1];
    const heading = ATX_HEADING.exec(line);
    const underline = lines[index + 1] ?? '';
    if (fence || TABLE_ROW.test(line)) {
      close();
      const end = fence ? fenceEnd(lines, index, fence) : tableEnd(lines, index);
      const text = lines
        .slice(fence ? index + 1 : index, end)
        .join('\n')
        .replace(/\n\s*\n/g, '\n');
      if (text.trim() !== '') paragraphs.push({ text: text.trim(), excluded: fence ? 'CODE' : 'TABLE' });
      index = fence ? end : end - 1;
    } else if (heading || (open.length === 0 && line.trim() !== '' && /^ {0,3}(?:=+|-{2,})\s*$/.test(underline))) {
      close();
      const text = plainInline((heading?.[2] ?? line).trim());
      if (text !== '') paragraphs.push({ text, level: heading?.[1]?.length ?? (underline.includes('=') ? 1 : 2) });
      if (!heading) index += 1;
    } else if (line.trim() === '' || RULE.test(line) || LINK_DEFINITION.test(line)) close();
    else {
      if (LIST_ITEM.test(line)) close();
      open.push(line.replace(/^\s*>\s?/, '').replace(LIST_ITEM, ''));
    }
  }
  close();
  const set = setParagraphs(paragraphs);
  const top = set.headings.reduce<HeadingSpan | undefined>(
    (best, next) => (best && best.level <= next.level ? best : next),
    undefined,
  );
  return { text: set.text, title: declared?.title ?? top?.title, headings: set.headings, code: set.excluded, declared };
}

function fenceEnd(lines: readonly string[], start: number, fence: string): number {
  for (let index = start + 1; index < lines.length; index++) {
    if (lines[index]?.trim().startsWith(fence)) return index;
  }
  return lines.length;
}

function tableEnd(lines: readonly string[], start: number): number {
  let index = start;
  while (index < lines.length && TABLE_ROW.test(lines[index] ?? '')) index += 1;
  return index;
}

function splitFrontMatter(source: string): { body: string; declared: DeclaredMatter | null } {
  const match = /^---\n([\s\S]*?)\n---(?:\n|$)/.exec(source);
  if (!match) return { body: source, declared: null };
  return { body: source.slice(match[0].length), declared: declaredMatter(match[1] ?? '') };
}

/** The words of inline Markdown. Escapes and code spans keep their characters. */
function plainInline(text: string): string {
  const kept: string[] = [];
  const keep = (literal: string) => `\u0001${kept.push(literal) - 1}\u0001`;
  return text
    .replace(/(`+)(.+?)\1/g, (_, _ticks, code: string) => keep(code.trim()))
    .replace(/\\([!-/:-@[-`{-~])/g, (_, char: string) => keep(char))
    .replace(/!\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])/g, '$1')
    .replace(/<((?:https?|mailto):[^>\s]+)>/g, (_, url: string) => keep(url))
    .replace(/\[([^\]^][^\]]*)\]\((?:[^()]|\([^()]*\))*\)/g, '$1')
    .replace(/\[([^\]^][^\]]*)\]\[[^\]]*\]/g, '$1')
    .replace(/<!--.*?-->|<\/?[a-zA-Z][^<>]*>/g, '')
    .replace(/(\*\*\*|\*\*|\*)(?=\S)(.+?)(?<=\S)\1/g, '$2')
    .replace(/(?<![\p{L}\p{N}_])(___|__|_)(?=\S)(.+?)(?<=\S)\1(?![\p{L}\p{N}_])/gu, '$2')
    .replace(/~~(?=\S)(.+?)~~/g, '$1')
    .replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => ENTITIES[name] ?? '')
    .replace(/\u0001(\d+)\u0001/g, (_, index: string) => kept[Number(index)] ?? '')
    .replace(/\s+/g, ' ')
    .trim();
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ' };
