/**
 * Author lists as reference entries print them. Each way to write a name is a grammar; a list is read with one of them from
 * its first character, as far as it goes, and must end in what can follow a list of authors.
 */

export const NAME_FORMS = [
  'FAMILY_DOTTED',
  'FAMILY_BARE',
  'DOTTED_FAMILY',
  'FAMILY_GIVEN',
  'GIVEN_FAMILY',
  'FAMILY_SPACE_DOTTED',
] as const;
export type NameForm = (typeof NAME_FORMS)[number];

export interface AuthorList {
  form: NameForm;
  names: string[]; // as printed
  end: number; // index after the last of them, "et al." and "(eds.)" included
}

const PARTICLE =
  "(?:(?:[Vv]an|[Vv]on|vom|[Dd]er|[Dd]en|[Dd]e|[Dd]el|della|[Dd]i|[Dd]a|[Dd]os|[Dd]u|[Ll]a|[Ll]e|[Ee]l|al|ten|[Tt]er|bin|ibn|zu|zur|af|av|[’']t|St\\.|y|e) |[dD]['’]|[aA]l-)";
const WORD = "\\p{Lu}[\\p{L}\\p{M}'’‘`´]*(?:[-‐][\\p{L}][\\p{L}\\p{M}'’]*)*";
const FAMILY = `${PARTICLE}*${WORD}(?: (?:${PARTICLE})*${WORD}){0,2}`;
const INITIAL = '\\p{Lu}(?:(?<=[CPSTKZ])h|(?<=[YJ])u|(?<=[YJ])a|(?<=T)s|(?<=W)m|(?<=D)zh)?\\.'; // "Yu.", "Ph."
const DOTTED = `(?:\\p{Lu}-)?${INITIAL}(?:[ -]?[-‐]?${INITIAL}|[-‐]\\p{Ll}\\.| (?:de|van|von|der|la|den)(?=[ ,;.)]))*`;
const BARE = "\\p{Lu}(?:[ -]?\\p{Lu}){0,3}(?:-\\p{Ll})?(?![\\p{L}’'-])(?!\\.[ -]?\\p{Lu}\\.)";
const SUFFIX = '(?:,? (?:Jr|Sr)\\b\\.?|,? (?:III|II|IV)\\b| (?:2nd|3rd)\\b)?';
const GIVEN = `(?:${INITIAL}|${WORD})`;

const NAMES: Record<NameForm, { first: string; next: string }> = {
  FAMILY_DOTTED: same(`${FAMILY}, ?${DOTTED}${SUFFIX}`),
  FAMILY_BARE: { first: `${FAMILY},? ${BARE}${SUFFIX}`, next: `${FAMILY},? ${BARE}${SUFFIX}|${WORD}(?=, )` },
  DOTTED_FAMILY: same(`${DOTTED} ?${FAMILY}${SUFFIX}`),
  FAMILY_GIVEN: {
    first: `${FAMILY}, ${GIVEN}(?: ${GIVEN})*`,
    next: `${GIVEN}(?:[ -]${PARTICLE}*${GIVEN}){0,4} ${PARTICLE}*${WORD}${SUFFIX}`,
  },
  GIVEN_FAMILY: same(`${GIVEN}(?:[ -]${PARTICLE}*${GIVEN}){0,4} ${PARTICLE}*${WORD}${SUFFIX}`),
  FAMILY_SPACE_DOTTED: same(`${FAMILY} ${DOTTED}${SUFFIX}`),
};

function same(name: string): { first: string; next: string } {
  return { first: name, next: name };
}

const BETWEEN =
  '(?:\\s*[,;]?\\s+(?:and|&|und|et|y|e|en|og|och)\\s+|\\s*[,;]\\s*(?:…|\\.\\.\\.|\\. \\. \\.)\\s*(?:&\\s*|and\\s+)?|\\s*[,;]\\s*(?:&\\s*)?|\\s*[–—]\\s+)';
const OTHERS =
  '(?:[,;]?\\s*(?:and |& )?\\(?(?:et\\.? ?al\\b\\.?|and others\\b|and \\d+ (?:others|more)\\b|others\\b|[Cc]ol\\.|…)\\)?)';
const EDITORS =
  '(?:,?\\s*(?:\\((?:[Ee]ds?|[Hh]g|[Hh]rsg|[Cc]oord|[Tt]rans|[Ee]ditors?)s?\\.?\\)|[Ee]ds?\\.|[Ee]ditors?))';
const GROUP =
  '(?:,?\\s*\\((?!in press|n\\.|no date|forthcoming|submitted|accepted|to appear)(?:for |on behalf of )?(?:the )?[^()\\d]{2,60}\\)|,? (?:for|on behalf of) the [^.,:;]{3,80}| [Cc]ollaboration)';

const COMPILED = Object.fromEntries(
  NAME_FORMS.map((form) => [
    form,
    { first: sticky(NAMES[form].first), next: sticky(`${BETWEEN}(${NAMES[form].next})(?![\\p{L}])`) },
  ]),
) as Record<NameForm, { first: RegExp; next: RegExp }>;
const TRAIL = [OTHERS, GROUP, EDITORS].map(sticky);

/** What may follow: a mark, a year, a quoted title, a bracket. */
const FOLLOWS = /(?:\s*[.,:;]|\s*\(|\s+\[|\s+(?:1[5-9]|20)\d\d|,?\s*["“‘«]|\s*$|\s+in\b|(?<=\.)\s)/uy;

function sticky(source: string): RegExp {
  return new RegExp(source, 'uy');
}

/** The author list at the head of `text` in the given form; null when it does not begin so. */
export function readAuthors(text: string, form: NameForm): AuthorList | null {
  const { first, next } = COMPILED[form];
  const names: string[] = [];
  const ends: number[] = [];
  first.lastIndex = 0;
  let match = first.exec(text);
  while (match) {
    names.push(match[1] ?? match[0]);
    ends.push(match.index + match[0].length);
    next.lastIndex = ends.at(-1) ?? 0;
    match = next.exec(text);
  }
  while (names.length > 0) {
    const end = withTrail(text, ends.at(-1) ?? 0);
    const isJournal =
      names.length > 1 && (JOURNAL_WORD.test(names.at(-1) ?? '') || VOLUME_FOLLOWS.test(text.slice(end, end + 20)));
    if (canFollow(text, end) && !isJournal) return { form, names: names.map((name) => name.trim()), end };
    names.pop();
    ends.pop();
  }
  return null;
}

/** "A. Okoye, J. Nurs. 4, 12 (2011)" has one author. */
const VOLUME_FOLLOWS = /^[.,\s]*(?!(?:1[5-9]|20)\d\d)[A-Z]?\d{1,4}[A-Z]?\s?[,(:;]/;

/** The last word of a journal's name: "S. Brand, J. High Energy Phys. 05 (2012)" has one author. */
const JOURNAL_WORD =
  /(?:^|[\s.])(?:Phys|Chem|Lett|Rev|Math|Nucl|Mod|Astron|Astrophys|Mech|Eur|Opt|Appl|Comput|Biol|Soc|Stat|Eng|Geophys|Proc|Trans|Adv|Commun|Comm|Acad|Sci|Energy|Letters|Reviews?|Physics|Journal)\.?$/;

function withTrail(text: string, start: number): number {
  let end = start;
  for (let round = 0; round < 2; round++) {
    for (const pattern of TRAIL) {
      pattern.lastIndex = end;
      const match = pattern.exec(text);
      if (match) end += match[0].length;
    }
  }
  return end;
}

function canFollow(text: string, end: number): boolean {
  FOLLOWS.lastIndex = end;
  return FOLLOWS.test(text) || text[end - 1] === '.';
}

/** Every form that the text can be read in, the one with most names first; among equals the stricter. */
export function authorLists(text: string): AuthorList[] {
  const lists = NAME_FORMS.flatMap((form) => readAuthors(text, form) ?? []);
  return lists.sort((a, b) => b.end - a.end || NAME_FORMS.indexOf(a.form) - NAME_FORMS.indexOf(b.form));
}
