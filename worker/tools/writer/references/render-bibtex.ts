/**
 * references.bib: the sources of the report for BibTeX and biblatex, UTF-8. Text from sources cannot end a field, start
 * a comment or name a command: braces and backslashes are written as commands, since BibTeX counts braces even escaped.
 */
import type { FinishedReport, FinishedSource } from '../finished-report.js';
import { inertText } from '../inert-text.js';
import { citationKeys } from './citation-keys.js';
import { splitName } from './split-name.js';

/** One entry a source, in the report's order. */
export function renderBibtex({ sources }: Pick<FinishedReport, 'sources'>): string {
  const keys = citationKeys(sources);
  return sources.map((source) => entryOf(source, keys.get(source.sourceId) ?? '')).join('\n');
}

function entryOf(source: FinishedSource, key: string): string {
  const { venue = null, doi = null, arxivId = null, url = null } = source.published ?? {};
  const fields: [string, string | null][] = [
    ['title', `{${escapeBibtex(source.title)}}`], // twice in braces: its capitals stay
    ['author', source.authors.length === 0 ? null : source.authors.map(authorOf).join(' and ')],
    ['year', source.year === null ? null : String(source.year)],
    ['journal', venue === null ? null : escapeBibtex(venue)],
    ['doi', doi === null ? null : verbatim(doi)],
    ['eprint', arxivId === null ? null : verbatim(arxivId)],
    ['archiveprefix', arxivId === null ? null : 'arXiv'],
    ['url', url === null ? null : verbatim(url)],
    ['note', `${source.standing?.retracted ? 'Retracted. ' : ''}Snapshot sha256 ${source.snapshotSha256}`],
  ];
  const lines = fields.flatMap(([name, value]) => (value === null ? [] : [`  ${name} = {${value}},\n`]));
  return `@${venue === null ? 'misc' : 'article'}{${key},\n${lines.join('')}}\n`;
}

function authorOf(author: string): string {
  const { family, given, suffix } = splitName(author);
  const whole = given === '' || /\band\b/iu.test(author) || (author.match(/,/gu) ?? []).length > 2;
  if (whole) return `{${escapeBibtex(author)}}`;
  return [family, suffix, given]
    .filter((part) => part !== '')
    .map(escapeBibtex)
    .join(', ');
}

const COMMANDS: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '{': '\\textbraceleft{}',
  '}': '\\textbraceright{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};

/** One line that LaTeX prints as it was. */
export const escapeBibtex = (text: string): string =>
  inertText(text)
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/[\\{}~^]/gu, (character) => COMMANDS[character] ?? '')
    .replace(/[$&#%_]/gu, '\\$&');

/** Fields that are no LaTeX: identifiers and addresses, with what could break out of them percent-encoded. */
const verbatim = (text: string): string =>
  inertText(text)
    .trim()
    .replace(/[\s\\{}<>"]|%(?![0-9A-F]{2})/giu, (character) => encodeURIComponent(character));
