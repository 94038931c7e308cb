/**
 * The paper's own DOI and arXiv number: from its first page, its running headers and the line that says how to cite it.
 * Never from the reference list, nor from prose, where others' stand.
 */
import type { DocumentLayout } from '../../../documents/document-layout.js';

export interface FoundIdentifier {
  value: string;
  basis: string;
  score: number;
}

const DOI = /\b10\.\d{4,9}\/[^\s"<>{}|\\^]+/g;
const LEAD = /(?:\bdoi\b[:\s]*|doi\.org\/|digital object identifier\W*)$/i;
const CITE = /\b(?:cite this|to cite|how to cite|citation:|cite as|recommended citation)/i;
const RIGHTS = /©|\(c\) ?\d{4}|\bcopyright\b|\bpermission to\b|\blicen[cs]e[ds]?\b|\bpublished online\b/i; // long, and of the paper itself
const DATES = /\b(?:received|submitted)\b.{0,120}\baccepted\b/i; // some journals print them behind the paper
const MAX_CHARS = 4000; // of a paragraph looked at
const PROSE = 400; // characters: a longer paragraph is running text
const ARXIV = /\barXiv(?:\s?ePrint)?\s?[:\s]\s?((?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?\/\d{7})(?:v\d+)?)/i;

interface Spot {
  text: string;
  kind: 'HEADER' | 'CITE' | 'FRONT';
}

/** Where the paper speaks of itself. */
function spotsOf({ paragraphs, furniture }: DocumentLayout): Spot[] {
  const end = paragraphs.findIndex(
    ({ role, text }) => role === 'HEADING' && /^(?:\W|\d)*(?:references|bibliography|literature cited)\b/i.test(text),
  );
  const spots: Spot[] = furniture.map(({ text }) => ({ text, kind: 'HEADER' }));
  paragraphs.forEach(({ text, lines, role }, index) => {
    const spaced = (lines.length > 0 ? lines.map((line) => line.text).join('\n') : text).slice(0, MAX_CHARS);
    const isEarly = (lines[0]?.page ?? 1) <= 2 && index < 150 && (end < 0 || index < end);
    const around = paragraphs.slice(Math.max(0, index - 1), index + 2);
    if (around.some((near) => CITE.test(near.text.slice(0, 200))) && text.length < PROSE * 2)
      spots.push({ text: spaced, kind: 'CITE' });
    else if (DATES.test(spaced.replaceAll('\n', ' ')) && text.length < PROSE)
      spots.push({ text: spaced, kind: 'FRONT' });
    else if (isEarly && role !== 'CAPTION') {
      if (text.length < PROSE || RIGHTS.test(text)) spots.push({ text: spaced, kind: 'FRONT' });
    }
  });
  return spots;
}

const OFTEN = 3; // pages with a running header
const WEIGHT = { HEADER: 3, CITE: 4, FRONT: 2 };

export function findDoi(layout: DocumentLayout): FoundIdentifier | null {
  const found = new Map<string, { weight: number; count: number; kinds: Set<Spot['kind']>; order: number }>();
  let order = 0;
  for (const { text, kind } of spotsOf(layout)) {
    for (const { value, isLed } of doisIn(text)) {
      const known = found.get(value) ?? { weight: 0, count: 0, kinds: new Set(), order: order++ };
      known.weight = Math.max(known.weight, WEIGHT[kind] + (isLed ? 1 : 0));
      known.count += 1;
      known.kinds.add(kind);
      found.set(value, known);
    }
  }
  const isCutShort = (value: string, times: number): boolean =>
    [...found].some(([other, { count: otherTimes }]) => {
      const rest = other.startsWith(value) ? other.slice(value.length) : '';
      const isGlued = /^\d+$/.test(rest) && otherTimes === 1 && times >= OFTEN; // the page's number, without a space
      return /^[\d.v/-]/.test(rest) && !isGlued;
    });
  const all = [...found].filter(([value, { count: times }]) => !isCutShort(value, times) || isVersioned(value, found));
  const [best] = all.sort(
    ([a, one], [b, other]) =>
      other.weight - one.weight || versionOf(b, a) || other.count - one.count || one.order - other.order,
  );
  if (!best) return null;
  const rivals = all.filter(
    ([value, { weight }]) => value !== best[0] && weight >= best[1].weight && !sameWork(value, best[0]),
  ).length;
  const where = [...best[1].kinds].map(
    (kind) =>
      ({ HEADER: 'a running header or footer', CITE: 'the line on how to cite', FRONT: 'the front matter' })[kind],
  );
  return {
    value: best[0],
    score: rivals > 0 ? 0.6 : best[1].weight >= 3 ? 0.97 : 0.85,
    basis: `printed ${best[1].count} × in ${where.join(' and ')}${rivals > 0 ? `; ${rivals} other${rivals > 1 ? 's' : ''} as prominent` : ''}`,
  };
}

/** "10.5/x.4767.2": a version, where the same without its last number is not printed as a shortening of it. */
const isVersioned = (value: string, found: ReadonlyMap<string, unknown>): boolean =>
  /\.\d$/.test(value) && [...found.keys()].some((other) => other !== value && sameWork(other, value));

const sameWork = (a: string, b: string): boolean => a.replace(/\.(?:v?\d)$/, '') === b.replace(/\.(?:v?\d)$/, '');

/** Of two versions of one work, the later comes first. */
function versionOf(a: string, b: string): number {
  return a !== b && sameWork(a, b) ? Number(a.slice(-1)) - Number(b.slice(-1)) || 0 : 0;
}

/** A DOI that is broken after a full stop, a slash or a hyphen goes on in the next line. */
function doisIn(text: string): { value: string; isLed: boolean }[] {
  const mended = text.replace(/(10\.\d{4,9}\/\S*[./-])\n(?=[\w(])/g, '$1').replace(/(10\.\d{4,9}\/)\s+(?=\w)/g, '$1');
  return [...mended.matchAll(DOI)].map((match) => ({
    value: trimmed(match[0]),
    isLed: LEAD.test(mended.slice(0, match.index)),
  }));
}

/** Behind the paper's own DOI, in addresses of what goes with it. */
const SUPPLEMENT = /\/(?:-\/|suppl).*$|\.s(?:a\d{1,2}|\d{3})$/i;

function trimmed(doi: string): string {
  let value = doi.replace(SUPPLEMENT, '').replace(/[.,;:'’”*]+$/, '');
  while (/[)\]]$/.test(value) && count(value, /[([]/g) < count(value, /[)\]]/g))
    value = value.slice(0, -1).replace(/[.,;:]+$/, '');
  return value.toLowerCase();
}

const count = (text: string, mark: RegExp): number => text.match(mark)?.length ?? 0;

export function findArxivId(layout: DocumentLayout): FoundIdentifier | null {
  for (const { text, kind } of spotsOf(layout)) {
    const value = ARXIV.exec(text)?.[1];
    if (!value || text.length > PROSE) continue;
    return { value, score: 0.95, basis: kind === 'HEADER' ? 'the stamp or running header' : 'the front matter' };
  }
  return null;
}
