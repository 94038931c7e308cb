/** The authors: names between title and abstract, with what the page tells of each. */

import { placeOf } from '../../../../../src/papers/place-of.js';
import type { PaperAuthor } from '../../../../../src/papers/structured-paper.js';
import type { PaperSource } from '../paper-source.js';
import { cleaned, joinedLines, type KeyedPlace, keyedPlaces } from './affiliations.js';
import { EMAIL, type FrontCell, kindOf, type NameFlow, nameFlows } from './author-cells.js';
import { addressesIn, orcidsIn, spells } from './contacts.js';
import { cellsBetween, type FrontPage } from './front-page.js';
import { namedPlaces } from './named-places.js';
import { isInstitution, namesOf, type PrintedName } from './names.js';
import { EMPTY, joined, type Stretch } from './stretch.js';

export interface FoundAuthors {
  authors: PaperAuthor[];
  facts: AuthorFacts;
}

/** What the confidence in the names rests on. */
export interface AuthorFacts {
  marked: number; // names with a mark that an affiliation answers to
  placed: number; // names with an affiliation
  mailed: number; // names that an e-mail address spells
  repeated: boolean; // the first family name stands in a running header or citation too
}

interface Draft extends PrintedName {
  flow: NameFlow;
  affiliations: string[];
  email: string | null;
  orcid: string | null;
}

/** `bottom`: where the abstract or the text begins, points from the page's top. */
export function findAuthors(source: PaperSource, page: FrontPage, bytes: Buffer, bottom: number): FoundAuthors {
  const cells = kindOf(cellsBetween(page, bytes, bottom), bytes);
  const flows = nameFlows(cells);
  const taken = new Set(flows.flatMap((flow) => flow.cells));
  const places = cells.filter(
    (cell) => !taken.has(cell) && ['PLACE', 'NAMES', 'NAME_AND_PLACE', 'EMAIL'].includes(cell.kind),
  );
  const blocks = blocksOf(places);
  const keyed = keyedOf(source, page, blocks, bottom);
  const drafts = flows.flatMap((flow) => draftsOf(flow, letterKeys(keyed)));
  const marked = giveKeyed(drafts, keyed);
  if (marked === 0) giveStanding(drafts, flows, blocks);
  const mailed = giveContacts(drafts, flows, blocks, textOf(page));
  const authors = unique(drafts).map(({ name, affiliations, email, orcid, startOffset, endOffset }) => ({
    name,
    affiliations,
    email,
    orcid,
    ...placeOf(source.lines, startOffset, endOffset),
  }));
  const placed = authors.filter((author) => author.affiliations.length > 0).length;
  return { authors, facts: { marked, placed, mailed, repeated: isRepeated(source, authors[0]?.name) } };
}

const textOf = (page: FrontPage): string => page.paragraphs.map(({ text }) => text).join('\n');

function draftsOf(flow: NameFlow, keys: ReadonlySet<string>): Draft[] {
  const list = flow.cells.reduce<Stretch>(
    (all, { stretch }) => joined(all, all.text.endsWith('-') ? '' : ' ', stretch),
    EMPTY,
  );
  const own = { flow, email: null, orcid: null };
  if (flow.cells[0]?.kind === 'NAME_AND_PLACE') {
    return namedPlaces(list).flatMap(({ names, place }) =>
      names.map((name) => ({ ...name, ...own, affiliations: [place] })),
    );
  }
  const plainly = namesOf(list);
  const isGlued =
    keys.size > 0 &&
    plainly.length > 0 &&
    plainly.every(({ name, marks }) => keys.has(name.slice(-1)) && !marks.some((mark) => /[a-z]/.test(mark)));
  return (isGlued ? namesOf(list, keys) : plainly).map((name) => ({ ...name, ...own, affiliations: [] }));
}

/** Lines under one another, without a gap. */
function blocksOf(cells: readonly FrontCell[]): FrontCell[][] {
  const blocks: FrontCell[][] = [];
  for (const cell of cells) {
    const block = blocks.find((open) => {
      const last = open.at(-1) as FrontCell;
      const drop = cell.baseline - last.baseline;
      const isUnder = Math.min(last.endX, cell.endX) - Math.max(last.x, cell.x) > 2;
      return isUnder && drop > 0.4 * cell.size && drop < 1.9 * Math.max(cell.size, last.size);
    });
    if (block) block.push(cell);
    else blocks.push([cell]);
  }
  return blocks;
}

const MIN_DETAILS = 20; // characters: shorter notes tell no institution

/** Affiliations under a key: below the names, in the page's footnotes, or in a list at the paper's end. */
function keyedOf(source: PaperSource, page: FrontPage, blocks: readonly FrontCell[][], bottom: number): KeyedPlace[] {
  const near = keyedPlaces(blocks.flatMap((block) => block.map(({ text }) => text)).join('\n'));
  const listed = detailsOf(source);
  if (near.length > 1 && listed.length === 0) return near;
  const notes = page.paragraphs
    .filter(({ lines }) => (lines[0]?.baseline ?? 0) > bottom && (lines[0]?.size ?? 0) < page.textSize * 0.97)
    .flatMap(({ lines }) => keyedPlaces(lines.map(({ text }) => text).join('\n'), { raisedOnly: true }))
    .filter(({ text }) => isInstitution(text) && text.length > MIN_DETAILS);
  return [...near, ...listed, ...notes];
}

/** Some journals print the first author's address on page 1 and the full list behind the paper. */
function detailsOf({ layout }: PaperSource): KeyedPlace[] {
  const at = layout.paragraphs.findIndex(({ text }) =>
    /^(?:author(?:s['’]?)? (?:details|information|affiliations)|affiliations|author affiliations)\W?$/i.test(
      text.trim(),
    ),
  );
  if (at < 0) return [];
  const text: string[] = [];
  for (const paragraph of layout.paragraphs.slice(at + 1, at + 8)) {
    if (paragraph.role === 'HEADING') break;
    if (paragraph.role === 'PARAGRAPH')
      text.push(...(paragraph.lines.length > 0 ? paragraph.lines.map((line) => line.text) : [paragraph.text]));
  }
  return keyedPlaces(text.join('\n'));
}

const letterKeys = (keyed: readonly KeyedPlace[]): Set<string> =>
  new Set(keyed.map(({ key }) => key).filter((key) => /^[a-z]$/.test(key)));

/** A sign calls a note on the author as often as an institution. */
const isAddress = (text: string): boolean =>
  isInstitution(text) &&
  text.length < 200 &&
  !/contribut|correspond|equal|present|current|support|grant|work (?:was )?(?:done|performed)/i.test(text);

function giveKeyed(drafts: readonly Draft[], keyed: readonly KeyedPlace[]): number {
  let marked = 0;
  for (const draft of drafts) {
    const own = draft.marks.flatMap(
      (mark) => keyed.find(({ key, text }) => key === mark && (/\w/.test(mark) || isAddress(text)))?.text ?? [],
    );
    if (own.length === 0) continue;
    draft.affiliations = [...new Set(own.filter((text) => text !== ''))];
    marked += 1;
  }
  return marked;
}

/** Without keys: what stands right under a list of names, or in the same column, is where these authors work. */
function giveStanding(drafts: readonly Draft[], flows: readonly NameFlow[], blocks: readonly FrontCell[][]): void {
  for (const block of blocks) {
    const lines = block.filter(
      ({ kind, text }) => kind !== 'EMAIL' || cleaned(text.replace(EMAIL, '')).length > MIN_DETAILS,
    );
    const text = joinedLines(lines.map((cell) => cell.text.replace(EMAIL, '')));
    const first = block[0];
    if (
      !first ||
      text.length < 3 ||
      /^\p{Ll}/u.test(text) ||
      (lines.length === 1 && !isInstitution(text) && text.split(' ').length > 9)
    )
      continue;
    const owners = ownersOf(flows, first);
    for (const draft of drafts)
      if (owners.includes(draft.flow) && draft.flow.cells[0]?.kind === 'NAMES') draft.affiliations.push(text);
  }
}

const FAR = 12; // of the font size: no further below its authors does an address begin

/** The lists of names right above: one, or all those of the row that the cell is set under. */
function ownersOf(flows: readonly NameFlow[], cell: FrontCell): NameFlow[] {
  const above = flows.filter(({ cells }) => {
    const last = cells.at(-1) as FrontCell;
    return (
      last.baseline < cell.baseline &&
      cells.some((name) => Math.min(name.endX, cell.endX) - Math.max(name.x, cell.x) > 2)
    );
  });
  const [nearest] = above.sort((a, b) => baselineOf(b) - baselineOf(a) || middleGap(a, cell) - middleGap(b, cell));
  if (!nearest || cell.baseline - baselineOf(nearest) > FAR * cell.size) return [];
  const row = above.filter((other) => Math.abs(baselineOf(other) - baselineOf(nearest)) < 1);
  const isAcross =
    row.length > 1 && row.some((other) => other !== nearest && middleGap(other, cell) < 0.5 * (cell.endX - cell.x));
  return isAcross ? row : [nearest];
}

const baselineOf = ({ cells }: NameFlow): number => (cells.at(-1) as FrontCell).baseline;
const middle = ({ x, endX }: Pick<FrontCell, 'x' | 'endX'>): number => (x + endX) / 2;
const middleGap = ({ cells }: NameFlow, cell: FrontCell): number =>
  Math.abs(middle(cells[0] as FrontCell) - middle(cell));

function giveContacts(
  drafts: readonly Draft[],
  flows: readonly NameFlow[],
  blocks: readonly FrontCell[][],
  text: string,
): number {
  let mailed = 0;
  const give = (draft: Draft | undefined, address: string): void => {
    if (draft && draft.email === null) draft.email = address;
  };
  for (const address of new Set(addressesIn(text))) {
    const best = [...drafts].sort((a, b) => spells(address, b.name) - spells(address, a.name))[0];
    if (best && spells(address, best.name) > 0) {
      mailed += 1;
      give(best, address);
      continue;
    }
    const cell = blocks.flat().find((other) => addressesIn(other.text).includes(address));
    const owners = cell ? ownersOf(flows, cell) : [];
    const own = drafts.filter(({ flow }) => owners.includes(flow));
    const starred = drafts.filter(({ marks }) => marks.includes('*') || marks.includes('✉'));
    if (own.length === 1) give(own[0], address);
    else if (starred.length === 1) give(starred[0], address);
    else if (drafts.length === 1) give(drafts[0], address);
  }
  const orcids = orcidsIn(text);
  orcids.forEach(({ orcid, near }, index) => {
    const byName = drafts.filter(({ name }) => near.includes(name.split(' ').at(-1) ?? name));
    const draft = byName.at(-1) ?? (orcids.length === drafts.length ? drafts[index] : undefined);
    if (draft) draft.orcid ??= orcid;
  });
  return mailed;
}

function unique(drafts: readonly Draft[]): Draft[] {
  const seen = new Set<string>();
  return drafts.filter(({ name }) => !seen.has(name) && seen.add(name));
}

/** "Rising et al. (2024)" in a running header, "Cite this article": whoever set the page took the name for the author's. */
function isRepeated({ layout }: PaperSource, name: string | undefined): boolean {
  const family = name
    ?.replace(/,? (?:Jr|Sr)\.?$| I{2,3}$/, '')
    .split(' ')
    .at(-1);
  if (!family) return false;
  const elsewhere = [
    ...layout.furniture.map(({ text }) => text),
    ...layout.paragraphs
      .map(({ text }) => text)
      .filter((text) => /^(?:cite this|citation:|how to cite|©|copyright)/i.test(text)),
  ];
  return elsewhere.some((text) => text.toLowerCase().includes(family.toLowerCase()));
}
