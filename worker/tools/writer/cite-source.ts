/** How the report names a source: in running text, in an attribution, and in its list of sources. */

export interface CitedSource {
  title: string;
  authors: readonly string[];
  year: number | null;
  standing?: { retracted: boolean };
}

/** "Voorhees (2000)", "Buckley and Voorhees (2004)", "Vaswani et al. (2017)"; without authors the title: “Pooling”. */
export function sourceLabel(source: CitedSource): string {
  const [first, second] = source.authors.map(surname);
  const name =
    first === undefined
      ? inQuotes(shortTitle(source.title))
      : source.authors.length === 1 || second === undefined
        ? first
        : source.authors.length === 2
          ? `${first} and ${second}`
          : `${first} et al.`;
  return source.year === null ? name : `${name} (${source.year})`;
}

/** "[v2; ref status: indexed, …]" after a title is the publisher's. */
const withoutStatus = (title: string): string => title.replace(/\s*\[[^\]]*\]\s*$/u, '').trim() || title;

const MAX_TITLE_CHARS = 72; // in running text; the list of sources has the whole

const shortTitle = (title: string): string => {
  const plain = withoutStatus(title);
  if (plain.length <= MAX_TITLE_CHARS) return plain;
  const cut = plain.slice(0, MAX_TITLE_CHARS);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), MAX_TITLE_CHARS / 2)).replace(/[\s,:;–-]+$/u, '')} …`;
};

/** "Ellen M. Voorhees", "Voorhees, Ellen M." and "E. M. Voorhees" all become "Voorhees". */
function surname(author: string): string {
  const clean = author.replace(/\s+/gu, ' ').trim();
  if (clean.includes(',')) return clean.slice(0, clean.indexOf(',')).trim();
  const parts = clean.split(' ').filter((part) => !/^(?:Jr|Sr|II|III|PhD|MD)\.?$/u.test(part));
  const particle = parts.findIndex(
    (part, index) => index > 0 && /^(?:van|von|de|der|den|di|da|du|la|le|ten)$/u.test(part),
  );
  return particle > 0 ? parts.slice(particle).join(' ') : (parts.at(-1) ?? clean);
}

/** "Vaswani, Shazeer and 6 others. Attention Is All You Need. 2017."; a work that was withdrawn ends "Retracted." */
export function referenceLine(source: CitedSource): string {
  const names = source.authors.map(surname);
  const shown = names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} others` : joinNames(names);
  return [
    shown,
    withoutStatus(source.title).replace(/[.\s]+$/u, ''),
    source.year === null ? '' : String(source.year),
    source.standing?.retracted ? 'Retracted' : '',
  ]
    .filter((part) => part !== '')
    .map((part) => `${part}.`)
    .join(' ');
}

/** In typographic quotation marks; those inside become single, so that the end of the quotation is never in doubt. */
export const inQuotes = (text: string): string => `“${text.replace(/[“”]/gu, "'")}”`;

/** "a", "a and b", "a, b and c". */
export const joinNames = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;

/** An attributed claim: the source's label, the verb, the quote in typographic quotation marks. */
export const attribute = (source: CitedSource, quote: string): string =>
  `${sourceLabel(source)} ${source.authors.length > 1 ? 'report' : 'reports'}: “${quote}”`;
