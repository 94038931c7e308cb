/** A structured paper for people: what was read, where it stands, and how sure it is. */
import type { Place, StructuredPaper } from '../src/papers/structured-paper.js';

const SHOWN_CLAIMS = 20;

export function paperAsMarkdown(paper: StructuredPaper): string {
  const parts = [
    `# ${paper.title ?? 'Untitled'}`,
    paper.authors.map(({ name }) => name).join(', '),
    facts(paper),
    block('Abstract', paper.abstract ? [paper.abstract] : []),
    ...paper.sections.map(
      (section) =>
        `${'#'.repeat(Math.min(6, section.level + 1))} ${section.heading}\n\n_${section.role}${at(section)}_\n\n${section.text}`,
    ),
    ...paper.tables.map(
      (table) => `**${table.label ?? 'Table'}**${at(table)} ${table.caption ?? ''}\n\n${grid(table.rows)}`,
    ),
    block(
      'Figures',
      paper.figures.map((figure) => `- **${figure.label ?? 'Figure'}**${at(figure)} ${figure.caption}`),
    ),
    block(
      'Equations',
      paper.equations.map(({ number, text, page }) => `- ${number ? `(${number}) ` : ''}\`${text}\`${at({ page })}`),
    ),
    block(
      'Datasets',
      paper.datasets.map(({ name, page }) => `- ${name}${at({ page })}`),
    ),
    block(
      'Metrics',
      paper.metrics.map(({ name, raw, page }) => `- ${name}: ${raw}${at({ page })}`),
    ),
    block(
      'Claims',
      paper.claims.slice(0, SHOWN_CLAIMS).map((claim) => `- “${claim.text}”${at(claim)}`),
    ),
    block(
      'References',
      paper.references.map(({ label, raw }, index) => `${index + 1}. ${label ? `[${label}] ` : ''}${raw}`),
    ),
    block(
      'How sure',
      paper.confidence.map(({ field, score, basis }) => `- ${field}: ${score.toFixed(2)} (${basis})`),
    ),
    block(
      'What could not be read',
      paper.uncertainties.map(({ code, message }) => `- ${code}: ${message}`),
    ),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function facts({ year, doi, arxivId, engine }: StructuredPaper): string {
  const known = [year, doi && `doi:${doi}`, arxivId && `arXiv:${arxivId}`].filter(Boolean);
  return `${known.join(' · ')}${known.length > 0 ? ' · ' : ''}read by ${engine}`;
}

const at = ({ page }: Pick<Place, 'page'>): string => (page === null ? '' : ` (p. ${page})`);

const block = (heading: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `## ${heading}\n\n${lines.join('\n')}`;

function grid(rows: readonly string[][]): string {
  const [head, ...body] = rows.map((row) => `| ${row.map((cell) => cell.replace(/\|/g, '\\|')).join(' | ')} |`);
  return head
    ? [head, `|${' --- |'.repeat(rows[0]?.length ?? 1)}`, ...body].join('\n')
    : '_Its cells could not be read._';
}
