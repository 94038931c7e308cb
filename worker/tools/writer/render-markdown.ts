/**
 * report.md, and the table of its sentences: where each stands in the Markdown, in UTF-8 bytes. A sentence's text in that
 * table is exactly the bytes at its offsets. Sources are hostile: whatever Markdown or HTML a quote contains is escaped,
 * and only where a renderer would act on it, so that ordinary sentences stay as they were quoted.
 */
import { referenceLine, sourceLabel } from './cite-source.js';
import type { Chart, Contradiction, FinishedClaim, FinishedReceipt, FinishedReport } from './finished-report.js';
import { inertText } from './inert-text.js';
import { ABBREVIATIONS_HEADING, CHARTS_HEADING } from './prose.js';

export interface RenderedSentence {
  text: string;
  startOffset: number; // UTF-8 bytes into the Markdown, half-open
  endOffset: number;
  /** Key of the claim, or null for the report's own prose. */
  claim: string | null;
}

export interface RenderedSection {
  heading: string;
  level: number;
  sentences: RenderedSentence[];
}

export interface RenderedMarkdown {
  markdown: string;
  sections: RenderedSection[];
  /** Words of the sentences, without headings, notes and the list of sources. */
  wordCount: number;
}

/** Renders the report. Deterministic: no time, no run, no id but those of the report. */
export function renderMarkdown(report: FinishedReport): RenderedMarkdown {
  const page = new Page();
  const claims = new Map(report.claims.map((claim) => [claim.key, claim]));
  page.write(`# ${escapeMarkdown(report.title)}\n`);
  const sections = report.sections.map((section): RenderedSection => {
    page.write(`\n## ${escapeMarkdown(section.heading)}\n`);
    const sentences: RenderedSentence[] = [];
    const isList = section.role === 'LIMITS';
    if (isList) page.write('\n');
    for (const paragraph of section.paragraphs) {
      page.write(isList ? '- ' : '\n');
      const notes: string[] = [];
      for (const [index, sentence] of paragraph.entries()) {
        if (index > 0) page.write(' ');
        const claim = sentence.kind === 'CLAIM' ? claims.get(sentence.claim) : undefined;
        const text = escapeMarkdown(claim?.text ?? (sentence.kind === 'PROSE' ? sentence.text : ''));
        sentences.push({ text, ...page.place(text), claim: claim?.key ?? null });
        if (!claim) continue;
        page.write(` ${claim.citations.map((citation) => `[${citation}]`).join('')}`);
        if (claim.verdict !== 'SUPPORTED') page.write(` *(${claim.verdict.toLowerCase()})*`);
        notes.push(...againstNotes(claim));
      }
      page.write('\n');
      for (const note of notes) page.write(`\n> ${note}\n`);
    }
    if (section.role === 'CONTRADICTIONS') page.write(contradictionList(report));
    return { heading: section.heading, level: 2, sentences };
  });
  page.write(abbreviationList(report));
  page.write(chartTables(report.charts));
  page.write('\n## Sources\n\n');
  for (const source of report.sources) {
    page.write(
      `${source.number}. ${escapeMarkdown(referenceLine(source))}${pagesOf(report, source.number)} Snapshot sha256 \`${source.snapshotSha256}\`.\n`,
    );
  }
  page.write(
    '\nEvery sentence with a number in brackets is quoted from that source. Where each quote stands, byte for byte, is in claims.json and, claim by claim, in report.html.\n',
  );
  const spoken = sections.flatMap((section) => section.sentences).map((sentence) => sentence.text);
  return { markdown: page.text(), sections, wordCount: spoken.join(' ').split(/\s+/u).filter(Boolean).length };
}

/** Text and its length in bytes, grown together. */
class Page {
  private readonly parts: string[] = [];
  private bytes = 0;

  write(text: string): void {
    this.parts.push(text);
    this.bytes += Buffer.byteLength(text);
  }

  place(text: string): { startOffset: number; endOffset: number } {
    const startOffset = this.bytes;
    this.write(text);
    return { startOffset, endOffset: this.bytes };
  }

  text(): string {
    return this.parts.join('');
  }
}

const againstNotes = (claim: FinishedClaim): string[] =>
  claim.receipts
    .filter((receipt) => receipt.stance === 'REFUTES')
    .map((receipt) => `Against this: “${escapeMarkdown(receipt.quote.replace(/\s+/gu, ' '))}” [${receipt.number}]`);

/** Both sides of each disagreement, numbered. */
function contradictionList({ contradictions, sources }: FinishedReport): string {
  const side = (receipts: readonly FinishedReceipt[]) =>
    receipts
      .map(({ number, page, quote }) => {
        const source = sources.find((candidate) => candidate.number === number);
        const where = page === null ? '' : `, page ${page}`;
        return `${escapeMarkdown(source ? sourceLabel(source) : '')} [${number}]${where}: “${escapeMarkdown(quote)}”`;
      })
      .join(' And ');
  const item = ({ one, other }: Contradiction, index: number) =>
    `\n${index + 1}. ${side(one)}\n\n   Against it: ${side(other)}\n`;
  return contradictions.map(item).join('');
}

/** As their sources explain them. */
const abbreviationList = ({ abbreviations }: FinishedReport): string =>
  abbreviations.length === 0
    ? ''
    : `\n## ${ABBREVIATIONS_HEADING}\n\n${abbreviations
        .map(({ short, long, receipt }) => `- ${escapeMarkdown(short)}: ${escapeMarkdown(long)} [${receipt.number}]\n`)
        .join('')}`;

const chartTables = (charts: readonly Chart[]): string =>
  charts.length === 0 ? '' : `\n## ${CHARTS_HEADING}\n${charts.map(chartTable).join('')}`;

const chartTable = ({ head, unit, bars }: Chart): string =>
  `\n| ${head} | ${unit} |\n| --- | ---: |\n${bars.map(({ label, value }) => `| ${escapeMarkdown(label)} | ${value} |\n`).join('')}`;

function pagesOf(report: FinishedReport, number: number): string {
  const receipts = report.claims.flatMap((claim) => claim.receipts).filter((receipt) => receipt.number === number);
  const pages = [...new Set(receipts.flatMap((receipt) => receipt.page ?? []))].sort((a, b) => a - b);
  if (pages.length === 0) return '';
  return ` Quoted from ${pages.length === 1 ? 'page' : 'pages'} ${pages.join(', ')}.`;
}

/** Makes text inert in CommonMark: no markup, link, image, HTML, entity, heading, list or line break comes of it. */
export function escapeMarkdown(text: string): string {
  return inertText(text)
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/[\\`*<>|~]/gu, '\\$&')
    .replace(/&(?=#?\w+;)/gu, '\\&')
    .replace(/!(?=\[)|\](?=[([:])|(?<=^|[\s(])_|_(?=[\s).,;:]|$)/gu, '\\$&')
    .replace(/^(#{1,6}(?=\s|$)|[-+](?=\s)|=+$|-{3,}$)/u, '\\$1')
    .replace(/^(\d+)([.)])(?=\s)/u, '$1\\$2')
    .replace(/\b(https?|ftp|mailto|www)(:|\.)(?=\S)/giu, '$1\u200b$2');
}
