/**
 * LaTeX source → the text a reader of the print would see: title, authors, abstract, sections, paragraphs on one line
 * each; displayed formulas as they are written, tables row by row, both marked as no evidence; citations by their keys,
 * and the bibliography if the source holds one. Files that it includes are not here: their names are handed on.
 */
import type { ExcludedSpan, Exclusion, HeadingSpan } from '../../../../src/evidence/document-text.js';
import { AppError } from '../../../../src/platform/errors.js';
import type { DocumentParagraph } from '../document-layout.js';
import { plainTex } from './plain-tex.js';
import { expanded, groupAt, macrosOf, optionAt, withoutComments } from './tex-source.js';

export interface LatexText {
  text: string;
  title: string | undefined;
  headings: HeadingSpan[];
  excluded: ExcludedSpan[]; // formulas, tables, listings, captions
  paragraphs: DocumentParagraph[];
  missing: string[]; // files that the source includes
}

interface Piece {
  role: DocumentParagraph['role'];
  level: number;
  text: string;
  excluded?: Exclusion;
}

const SECTIONS: Record<string, number> = { part: 0, chapter: 1, section: 2, subsection: 3, subsubsection: 4 };
const FORMULA = /^(?:equation|align|alignat|flalign|gather|multline|eqnarray|displaymath|math|IEEEeqnarray|dmath)\*?$/;
const FLOAT = /^(?:side|wrap)?(figure|table)\*?$|^(longtable)$/;
const LISTING = /^(?:verbatim|lstlisting|minted|Verbatim|alltt|Code|CodeInput|CodeOutput|Sinput|Soutput)\*?$/;
const DRAWING = /^(?:tikzpicture|pgfpicture|picture|comment|filecontents|CCSXML|algorithm|algorithmic|axis)\*?$/;
const TABULAR = /^tabular[xy*]?$|^array$/;
const TOKEN =
  /\\begin\s*\{([A-Za-z]+\*?)\}|\\end\s*\{[A-Za-z]+\*?\}|\\(part|chapter|section|subsection|subsubsection|paragraph|subparagraph)\*?(?=\s*[[{])|\\(item|bibitem|input|include|bibliography|maketitle|title|author|affiliation|address|date|keywords|abstract|caption)(?![A-Za-z])|\$\$|\\\[|\n[ \t]*\n\s*/g;

const MAX_CHARACTERS = 4_000_000; // a thesis with its bibliography has a quarter of it

/** `source` is normalised text. Fails with UNREADABLE_DOCUMENT when it is longer than any paper. */
export function latexText(source: string): LatexText {
  if (source.length > MAX_CHARACTERS) {
    throw new AppError('UNREADABLE_DOCUMENT', `The LaTeX source has more than ${MAX_CHARACTERS} characters.`, {
      hint: 'Send the file with the text alone, without data and drawings, or the PDF.',
    });
  }
  const clean = withoutComments(source);
  const whole = expanded(clean, macrosOf(clean));
  const begin = /\\begin\s*\{document\}/.exec(whole);
  const end = begin ? whole.indexOf('\\end{document}', begin.index) : -1;
  const body = begin ? whole.slice(begin.index + begin[0].length, end < 0 ? undefined : end) : whole;
  const reader = new LatexReader(body);
  const title = argumentOf(whole, 'title');
  const front: Piece[] = [...(title ? [prose(title)] : []), ...authorsOf(whole).map(prose)];
  return { title, ...assembled([...front, ...reader.read()]), missing: reader.missing };
}

const prose = (text: string): Piece => ({ role: 'PARAGRAPH', level: 0, text });

/** The first `\name{…}` of the source, as words. */
function argumentOf(source: string, name: string): string | undefined {
  const at = new RegExp(`\\\\${name}(?![A-Za-z])`).exec(source);
  if (!at) return undefined;
  const after = at.index + at[0].length;
  const text = plainTex(groupAt(source, optionAt(source, after)?.end ?? after)?.text ?? '');
  return text === '' ? undefined : text;
}

/** The lines of the title block: names and addresses, as the source divides them. */
function authorsOf(source: string): string[] {
  return [...source.matchAll(/\\(?:author|affiliation|address|affil|institute)(?![A-Za-z])/g)].flatMap((match) => {
    const after = match.index + match[0].length;
    const group = groupAt(source, optionAt(source, after)?.end ?? after);
    return (group?.text ?? '')
      .split(/\\and(?![A-Za-z])|\\And|\\AND|\\\\(?:\[[^\]]*\])?/)
      .map(plainTex)
      .filter((line) => line !== '');
  });
}

class LatexReader {
  readonly missing: string[] = [];
  readonly #source: string;
  readonly #pieces: Piece[] = [];
  readonly #top: number;
  readonly #floats = { figure: 0, table: 0 };
  #open = '';
  #equations = 0;

  constructor(source: string) {
    this.#source = source;
    this.#top = /\\chapter\s*[[{*]/.test(source) ? 1 : 2;
  }

  read(): Piece[] {
    let index = 0;
    for (;;) {
      TOKEN.lastIndex = index;
      const match = TOKEN.exec(this.#source);
      this.#open += this.#source.slice(index, match?.index);
      if (!match) break;
      const after = match.index + match[0].length;
      const [token, environment, section, macro] = match;
      if (environment) index = this.#environment(environment, after);
      else if (section) index = this.#section(section, after);
      else if (macro) index = this.#macro(macro, after);
      else if (token === '$$' || token === '\\[') index = this.#formula(after, token === '$$' ? '$$' : '\\]', false);
      else {
        if (!token.startsWith('\\end') || !/\\end\s*\{(?:center|quote|document)/.test(token)) this.#close();
        index = after;
      }
    }
    this.#close();
    return this.#pieces;
  }

  #close(): void {
    const text = plainTex(this.#open);
    if (/[\p{L}\p{N}]/u.test(text)) this.#pieces.push(prose(text));
    this.#open = '';
  }

  #environment(name: string, after: number): number {
    if (FORMULA.test(name))
      return this.#formula(after, `\\end{${name}}`, !name.endsWith('*') && !/^(?:display)?math$/.test(name));
    const float = FLOAT.exec(name);
    const isRaw = LISTING.test(name) || DRAWING.test(name) || TABULAR.test(name) || float !== null;
    if (isRaw) {
      this.#close();
      const { inner, end } = this.#until(after, `\\end{${name}}`);
      if (LISTING.test(name)) this.#fragment(inner.replace(/\n\s*\n/g, '\n').trim(), 'CODE');
      else if (float) this.#float((float[1] ?? 'table') as 'figure' | 'table', inner);
      else if (TABULAR.test(name)) this.#rows(inner);
      return end;
    }
    this.#close();
    if (name === 'abstract') this.#heading('Abstract', 1);
    if (name === 'thebibliography') this.#heading('References', 1);
    const option = optionAt(this.#source, after)?.end ?? after;
    const takesGroup = /^(?:thebibliography|minipage|multicols|adjustbox|subfigure|wrapfigure|tabularx)\*?$/.test(name);
    return takesGroup ? (groupAt(this.#source, option)?.end ?? option) : option;
  }

  #until(after: number, mark: string): { inner: string; end: number } {
    const at = this.#source.indexOf(mark, after);
    const stop = at < 0 ? this.#source.length : at;
    return { inner: this.#source.slice(after, stop), end: stop + mark.length };
  }

  #formula(after: number, mark: string, isNumbered: boolean): number {
    this.#close();
    const { inner, end } = this.#until(after, mark);
    const text = inner
      .replace(/\\(?:label|tag)\s*\{[^{}]*\}|\\(?:nonumber|notag)\b/g, '')
      .replace(/\s+/g, ' ')
      .trim();
    if (isNumbered) this.#equations += 1;
    if (text !== '') this.#fragment(isNumbered ? `${text} (${this.#equations})` : text, 'CODE');
    return end;
  }

  #float(kind: 'figure' | 'table', inner: string): void {
    const caption = argumentOf(inner, 'caption');
    this.#floats[kind] += 1;
    const label = `${kind === 'figure' ? 'Figure' : 'Table'} ${this.#floats[kind]}`;
    if (caption) this.#pieces.push({ role: 'CAPTION', level: 0, text: `${label}: ${caption}`, excluded: 'CAPTION' });
    const tabular = /\\begin\s*\{(tabular[xy*]?|array)\}/.exec(inner);
    if (tabular)
      this.#rows(
        inner.slice(tabular.index + tabular[0].length).replace(/\\end\s*\{(?:tabular[xy*]?|array)\}[\s\S]*$/, ''),
      );
  }

  /** Rows as Markdown writes them: the one form in which tables without pages are read. */
  #rows(inner: string): void {
    const first = groupAt(inner, optionAt(inner, 0)?.end ?? 0);
    const second = first && groupAt(inner, first.end);
    const rows = inner
      .slice((second ?? first)?.end ?? 0)
      .split(/\\\\(?:\[[^\]]*\])?|\\tabularnewline/)
      .map((row) => row.replace(/\\(?:hline|toprule|midrule|bottomrule)/g, ''))
      .map((row) =>
        row
          .split(/(?<!\\)&/)
          .map((cell) => plainTex(cell.replace(/\\multi(?:column|row)\s*\{[^{}]*\}\s*\{[^{}]*\}/g, ''))),
      )
      .filter((cells) => cells.some((cell) => cell !== ''));
    if (rows.length > 0) this.#fragment(rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n'), 'TABLE');
  }

  #fragment(text: string, excluded: Exclusion): void {
    if (text !== '') this.#pieces.push({ role: 'FRAGMENT', level: 0, text, excluded });
  }

  #heading(text: string, level: number): void {
    if (text !== '') this.#pieces.push({ role: 'HEADING', level, text });
  }

  #section(name: string, after: number): number {
    this.#close();
    const start = this.#source.startsWith('*', after) ? after + 1 : after;
    const title = groupAt(this.#source, optionAt(this.#source, start)?.end ?? start);
    if (!title) return after;
    const level = SECTIONS[name];
    const text = plainTex(title.text);
    if (level === undefined)
      this.#open = `${title.text.replace(/([^.:?!])\s*$/, '$1.')} `; // it runs into its text
    else this.#heading(text, Math.max(1, level - this.#top + 1));
    return title.end;
  }

  #macro(name: string, after: number): number {
    if (name === 'item') {
      this.#close();
      return optionAt(this.#source, after)?.end ?? after;
    }
    if (name === 'bibitem') {
      this.#close();
      const key = groupAt(this.#source, optionAt(this.#source, after)?.end ?? after);
      this.#open = key ? `[${key.text}] ` : '';
      return key?.end ?? after;
    }
    const option = optionAt(this.#source, after)?.end ?? after;
    const group = groupAt(this.#source, option);
    if (name === 'abstract' && group) {
      this.#close();
      this.#heading('Abstract', 1);
      this.#open = group.text;
      this.#close();
    } else if (/^(?:input|include|bibliography)$/.test(name) && group) this.missing.push(plainTex(group.text));
    return name === 'maketitle' ? after : (group?.end ?? option);
  }
}

function assembled(pieces: readonly Piece[]): Pick<LatexText, 'text' | 'headings' | 'excluded' | 'paragraphs'> {
  let offset = 0;
  const excluded: ExcludedSpan[] = [];
  const paragraphs = pieces.map(({ role, level, text, excluded: reason }): DocumentParagraph => {
    const span = { startOffset: offset, endOffset: offset + Buffer.byteLength(text) };
    offset = span.endOffset + 2;
    if (reason) excluded.push({ reason, ...span });
    return { role, level, text, ...span, lines: [] };
  });
  const headings = paragraphs
    .filter(({ role }) => role === 'HEADING')
    .map(({ level, text: title, startOffset, endOffset }) => ({ level, title, startOffset, endOffset }));
  return { text: pieces.map(({ text }) => text).join('\n\n'), headings, excluded, paragraphs };
}
