/** Marks that give names and years: "(Sakai, 2007; Buckley & Voorhees, 2000a)", "Sakai (2007)", "[Sakai, 2007]". */
import { ascending, type CitationMark, type CitedEntry } from './citation-mark.js';

const PARTICLE =
  "(?:(?:[Vv]an|[Vv]on|[Dd]er|[Dd]en|[Dd]e|[Dd]el|[Dd]ella|[Dd]i|[Dd]a|[Dd]os|[Dd]u|[Ll]a|[Ll]e|[Ee]l|[Tt]en|[Tt]er|zu|af|av) |[dD]['’]|[aA]l-)";
const WORD = "\\p{Lu}[\\p{L}\\p{M}'’‘`´]*(?:[-‐]\\p{L}[\\p{L}\\p{M}'’]*)*";
const FAMILY = `${PARTICLE}*${WORD}(?: ${WORD}){0,2}`;
const ORGANISATION = `${WORD}(?: (?:(?:of|for|the|and|on|in|&) )*${WORD}){0,7}(?: [Tt]eam)?`;
const WHO = `(?<![\\p{L}\\d])(${FAMILY}|${ORGANISATION})(?:[’']s?)?(?:,? et al\\.?,?| and colleagues|,? (?:and|&) others|(?:, ${FAMILY})*,? (?:and|&|y|und|et) (${FAMILY}))?`;
const YEAR = '(?:1[89]|20)\\d\\d';
const YEARS = `(${YEAR}[a-z]?(?:\\s?[,;–&]\\s?(?:and )?(?:${YEAR}[a-z]?|[a-z]\\b))*)`;

const NAMED_YEAR = new RegExp(`${WHO}(?:,| in)?\\s*\\(?${YEARS}`, 'gu');
const NARRATIVE = new RegExp(`${WHO},?\\s*[([]${YEARS}(?:[,:;]\\s[^()\\][]{1,40})?[)\\]]`, 'gu');
const GROUP = /[([][^()[\]]{2,700}?(?:1[89]|20)\d\d[a-z]?[^()[\]]{0,200}[)\]]/gu;

export interface NameIndex {
  byYear: ReadonlyMap<number, readonly NamedEntry[]>;
}

interface NamedEntry {
  index: number;
  families: string[]; // folded; of an organisation its name
  initials: string; // of an organisation: "who"
  suffix: string; // "a" of 2000a
}

export function indexNames(entries: readonly CitedEntry[]): NameIndex {
  const byYear = new Map<number, NamedEntry[]>();
  for (const { index, authors, year, raw } of entries) {
    if (year === null) continue;
    const suffix = new RegExp(`${year}([a-z])(?![\\p{L}\\d])`, 'u').exec(raw)?.[1] ?? '';
    const names = authors.length > 0 ? authors : [raw.split(/[.,(]/)[0] ?? raw];
    byYear.set(year, [
      ...(byYear.get(year) ?? []),
      { index, suffix, families: names.map(familyOf), initials: initialsOf(names[0] ?? '') },
    ]);
  }
  return { byYear };
}

/** The family name of an author as lists print it: "Kingma, D. P.", "Hiscock R", "D. P. Kingma", "Diederik Kingma". */
export function familyOf(name: string): string {
  const inverted = name.includes(',') ? name.split(',')[0] : undefined;
  const bare = /^(.+?)\s(?:\p{Lu}\.?[ -]?){1,4}$/u.exec(name)?.[1];
  const direct = new RegExp(`(?:^|[\\s.])(${PARTICLE}*\\p{Lu}[^\\s.]+)(?:,? (?:Jr|Sr|I{2,3})\\.?)?$`, 'u').exec(
    name,
  )?.[1];
  return folded(inverted ?? bare ?? (isPerson(name) ? direct : undefined) ?? name);
}

const initialsOf = (name: string): string =>
  /[,.]/.test(name) ? '' : folded((name.match(/(?<!\p{L})\p{Lu}/gu) ?? []).join(''));

const isPerson = (name: string): boolean =>
  !/\b(?:of|for|the|and|Team|Group|Organi[sz]ation|Institute|University)\b/.test(name);

const folded = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/['’`´‘]s?$/u, '')
    .replace(/[^\p{L}\d]/gu, '');

/** What may stand in capitals before a name that begins a sentence. */
const LEAD =
  /^(?:(?:In|By|See|As|Also|The|And|From|For|Following|Since|While|However|Like|Both|After|With|Unlike|To|When|Then|But|If|Although|Later|Recently|Here|Similarly)\s)+(?=\S+)/;
const NO_NAME =
  /^(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Spring|Summer|Autumn|Fall|Winter|Version|Release|Table|Figure|Fig|Section|Since|In|Between|From|Until|After|Before|During|Copyright|Year)\b/;

export function marksOfNames(text: string, names: NameIndex): CitationMark[] {
  const marks: CitationMark[] = [];
  for (const match of text.matchAll(GROUP)) {
    const inside = [...match[0].matchAll(NAMED_YEAR)].filter(([mark]) => !NO_NAME.test(mark));
    if (inside.length === 0) continue;
    const references = inside.flatMap((part) => resolve(part, names));
    marks.push({ index: match.index, text: match[0], references: ascending(references) });
  }
  const taken = marks.map(({ index, text: mark }) => [index, index + mark.length] as const);
  for (const match of text.matchAll(NARRATIVE)) {
    if (
      taken.some(([start, end]) => match.index < end && match.index + match[0].length > start && match.index >= start)
    )
      continue;
    const lead = LEAD.exec(match[0])?.[0].length ?? 0;
    if (NO_NAME.test(match[0].slice(lead))) continue;
    marks.push({
      index: match.index + lead,
      text: match[0].slice(lead),
      references: ascending(resolve(match, names)),
    });
  }
  return marks.sort((a, b) => a.index - b.index);
}

/** Entries of the names and years of one match: [whole, first name, second name, years]. */
function resolve([, first = '', second, years = '']: RegExpMatchArray, { byYear }: NameIndex): number[] {
  let year = 0;
  return years.split(/\s?[,;–&]\s?(?:and )?/u).flatMap((part) => {
    const [, digits, letter = ''] = /^(\d{4})?([a-z])?$/.exec(part.trim()) ?? [];
    if (digits) year = Number(digits);
    const entries = (byYear.get(year) ?? []).filter(
      ({ families, initials, suffix }) =>
        (isFirst(families[0] ?? '', first) || (initials.length > 1 && folded(first) === initials)) &&
        (letter === '' || suffix === '' || suffix === letter),
    );
    const narrower = second
      ? entries.filter(({ families }) => families.slice(1).some((family) => isFirst(family, second)))
      : entries;
    const chosen = narrower.length > 0 ? narrower : entries;
    return chosen.length > 1 && letter === '' ? [(chosen[0] as NamedEntry).index] : chosen.map(({ index }) => index);
  });
}

/** The name as cited is the entry's, or ends in it ("See Sakai"), or is its initials (WHO). */
function isFirst(family: string, cited: string): boolean {
  const name = folded(cited);
  if (family === '' || name === '') return false;
  const last = folded(cited.split(' ').at(-1) ?? '');
  return (
    family === name ||
    family === last ||
    (family.length > 4 && name.endsWith(family)) ||
    (name.length > 5 && family.startsWith(name))
  );
}
