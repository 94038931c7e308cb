/**
 * What TEI has between the front and the reference list: sections, formulas, tables, figures. GROBID sets its divisions
 * flat, with the heading's number in `n`, and its figures after the text.
 */

import type { PaperEquation, PaperFigure, PaperTable } from '../../../../src/papers/structured-paper.js';
import { readCoordinates } from './coordinates.js';
import { headingLevels } from './heading-levels.js';
import { readCitations } from './read-tei-citations.js';
import type { DivisionKind, TeiBody, TeiSection, Unplaced } from './tei-paper.js';
import { childAt, childrenNamed, descendants, isElement, onOneLine, textOf, type XmlElement } from './xml-tree.js';

export function readBody(tei: XmlElement, indexOfId: ReadonlyMap<string, number>): TeiBody {
  const body = childAt(tei, 'text', 'body');
  const back = childAt(tei, 'text', 'back');
  const figures = [...descendants(body, 'figure'), ...descendants(back, 'figure')];
  const isTable = ({ attributes }: XmlElement) => attributes.type === 'table';
  const abstract = childAt(tei, 'teiHeader', 'profileDesc', 'abstract');
  const parts = [abstract, body, back].filter((part) => part !== undefined);
  return {
    sections: readSections([...divisionsIn(body, 1, 'BODY'), ...divisionsIn(back, 1, 'BODY')]),
    equations: [...descendants(body, 'formula'), ...descendants(back, 'formula')].flatMap(readFormula),
    tables: figures.filter(isTable).map(readTable),
    figures: figures.filter((figure) => !isTable(figure)).flatMap(readFigure),
    ...readCitations(parts, indexOfId),
  };
}

const KINDS: Readonly<Record<string, DivisionKind>> = {
  acknowledgement: 'ACKNOWLEDGEMENTS',
  funding: 'ACKNOWLEDGEMENTS',
  annex: 'ANNEX',
};

interface Division {
  element: XmlElement;
  depth: number; // 1 is top
  kind: DivisionKind;
}

/** In document order, those within others too; without the reference list. A typed division only wraps others. */
const divisionsIn = (parent: XmlElement | undefined, depth: number, kind: DivisionKind): Division[] =>
  childrenNamed(parent, 'div').flatMap((element) => {
    const { type } = element.attributes;
    if (type === 'references') return [];
    const own = KINDS[type ?? ''] ?? kind;
    return [{ element, depth, kind: own }, ...divisionsIn(element, type ? depth : depth + 1, own)];
  });

function readSections(divisions: readonly Division[]): TeiSection[] {
  const levelOf = headingLevels();
  const sections: TeiSection[] = [];
  for (const { element, depth, kind } of divisions) {
    const head = childAt(element, 'head');
    const title = textOf(head);
    const text = paragraphsOf(element);
    const before = sections.at(-1);
    if (title !== '') {
      const number = onOneLine(head?.attributes.n ?? '') || null;
      sections.push({
        number,
        title,
        heading: number ? `${number} ${title}` : title,
        level: number ? levelOf(number) : depth,
        kind,
        text,
        boxes: readCoordinates(head?.attributes.coords),
      });
    } else if (before && text) before.text = [before.text, text].filter(Boolean).join('\n\n'); // it goes on
  }
  return sections;
}

/** Paragraphs and items of lists; a formula splits a paragraph, so the part after it is a paragraph of its own. */
const paragraphsOf = (division: XmlElement): string =>
  division.children
    .filter(isElement)
    .flatMap((element) =>
      element.name === 'list' ? childrenNamed(element, 'item') : element.name === 'p' ? [element] : [],
    )
    .map(textOf)
    .filter(Boolean)
    .join('\n\n');

function readFormula(formula: XmlElement): Unplaced<PaperEquation>[] {
  const isLabel = (node: XmlElement['children'][number]) => isElement(node) && node.name === 'label';
  const text = textOf({ ...formula, children: formula.children.filter((node) => !isLabel(node)) });
  const label = textOf(childAt(formula, 'label'));
  const number = /(?:[A-Z]\.?)?\d+(?:[.-]\d+)*[a-z]?/.exec(label)?.[0] ?? (label.replace(/[()[\]]/g, '') || null);
  return text ? [{ number, text, boxes: readCoordinates(formula.attributes.coords) }] : [];
}

function readTable(figure: XmlElement): Unplaced<PaperTable> {
  const { label, caption } = captionOf(figure, 'Table');
  const rows = childrenNamed(childAt(figure, 'table'), 'row').map((row) =>
    childrenNamed(row, 'cell').flatMap(readCell),
  );
  const boxes = readCoordinates(figure.attributes.coords);
  return { label, caption: caption || null, rows: rows.filter((row) => row.some(Boolean)), boxes };
}

const MAX_SPAN = 100; // columns: more is a mistake in the table's model

/** A cell across several columns stands in the first of them. */
function readCell(cell: XmlElement): string[] {
  const span = Math.min(Number.parseInt(cell.attributes.cols ?? '', 10) || 1, MAX_SPAN);
  return [textOf(cell), ...Array<string>(Math.max(0, span - 1)).fill('')];
}

function readFigure(figure: XmlElement): Unplaced<PaperFigure>[] {
  const { label, caption } = captionOf(figure, 'Figure');
  const boxes = readCoordinates(figure.attributes.coords);
  return label || caption ? [{ label, caption, boxes }] : [];
}

const LABEL = /^(?:\p{L}+\.?\s+){1,2}(?:[A-Z]?\d+(?:\.\d+)*[a-z]?|[IVX]+)\b/u;

/** GROBID's `head` is the label as printed, at times with the caption's beginning; its `label` the bare number. */
function captionOf(figure: XmlElement, kind: string): { label: string | null; caption: string } {
  const head = textOf(childAt(figure, 'head'));
  const number = textOf(childAt(figure, 'label')).replace(/[.:]$/, '');
  const printed = LABEL.exec(head)?.[0] ?? null;
  const label = printed ?? (number ? `${kind} ${number}` : null);
  const rest = head.slice(printed?.length ?? 0).replace(/^[\s.:|–—-]+/, '');
  const described = withoutLabel(textOf(childAt(figure, 'figDesc')), label);
  const leads = rest !== '' && !described.startsWith(rest);
  return { label, caption: leads ? [rest, described].filter(Boolean).join(' ') : described };
}

const withoutLabel = (text: string, label: string | null): string =>
  label && text.toLowerCase().startsWith(label.toLowerCase())
    ? text.slice(label.length).replace(/^[\s.:|–—-]+/, '')
    : text;
