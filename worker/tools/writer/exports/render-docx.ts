/**
 * report.docx: headings, the sentences with the numbers of their sources, each claim's quotes in a footnote, the list of
 * sources. Text goes in as text of XML, never as markup. No date, no user, no random id stands in it, and the archive's
 * own times are fixed: the same report gives the same bytes.
 */
import {
  Document,
  FootnoteReferenceRun,
  HeadingLevel,
  Packer,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from 'docx';
import JSZip from 'jszip';
import type { Chart } from '../finished-report.js';
import { ABBREVIATIONS_HEADING, CHARTS_HEADING } from '../prose.js';
import type { PrintedQuote, PrintedReport, PrintedSection, PrintedSentence } from './printed-report.js';

type Block = Paragraph | Table;

const SOFT = '5f5c55';
const AGAINST = 'b3541e';
const NOTE_SIZE = 18; // half-points
const INDENT = 400; // twentieths of a point

/** The bytes of an Office Open XML document. */
export async function renderDocx(report: PrintedReport): Promise<Buffer> {
  const document = new Document({
    title: report.title,
    creator: 'Paperwright',
    lastModifiedBy: 'Paperwright',
    styles: {
      default: { document: { run: { font: 'Georgia', size: 21 }, paragraph: { spacing: { after: 140, line: 288 } } } },
    },
    footnotes: Object.fromEntries(
      report.receipts.map(({ number, verdict, confidence, quotes }) => [
        number,
        {
          children: [
            note(`${verdict}, confidence ${confidence}`),
            ...quotes.map((quote) =>
              note(`${quote.stance}: ${quotation(quote)} Bytes ${quote.bytes} of the snapshot.`),
            ),
          ],
        },
      ]),
    ),
    sections: [{ children: bodyOf(report) }],
  });
  return settle(await Packer.toBuffer(document));
}

function bodyOf(report: PrintedReport): Block[] {
  const { trust } = report;
  return [
    new Paragraph({ heading: HeadingLevel.TITLE, children: [new TextRun(report.title)] }),
    ...(report.question === null
      ? []
      : [new Paragraph({ children: [new TextRun({ text: report.question, italics: true })] })]),
    note(report.facts.join(' · ')),
    ...report.sections.flatMap(sectionBlocks),
    ...(report.abbreviations.length === 0
      ? []
      : [heading(ABBREVIATIONS_HEADING), ...report.abbreviations.map(explained)]),
    ...(report.charts.length === 0 ? [] : [heading(CHARTS_HEADING), ...report.charts.flatMap(chartBlocks)]),
    heading('Sources'),
    ...report.sources.map(
      ({ number, reference, sha256 }) =>
        new Paragraph({
          indent: { left: INDENT, hanging: INDENT },
          children: [new TextRun(`${number}. ${reference} `), small(`Snapshot sha256 ${sha256}`)],
        }),
    ),
    heading(`Trust: ${trust.overall}`),
    new Paragraph(
      'The mean of these counts, by their weights. It says how far the report can be checked and how much it rests on, not whether its sources are right.',
    ),
    ...[...trust.basis, ...trust.flags].map(note),
  ];
}

function sectionBlocks(section: PrintedSection): Block[] {
  return [
    heading(section.heading),
    ...section.paragraphs.map((sentences) => new Paragraph({ children: sentences.flatMap(sentenceRuns) })),
    ...section.contradictions.flatMap(({ one, other }, index) => [
      note(`${index + 1}. One side`),
      ...one.map(indented),
      note('Against it'),
      ...other.map(indented),
    ]),
  ];
}

function sentenceRuns({ text, citations, receipt, verdict }: PrintedSentence) {
  if (receipt === null) return [new TextRun({ text: `${text} `, color: SOFT })];
  const marks = citations.map((citation) => `[${citation}]`).join('');
  return [
    new TextRun(`${text} ${marks}`),
    ...(verdict === null ? [] : [new TextRun({ text: ` (${verdict})`, italics: true, color: AGAINST })]),
    new FootnoteReferenceRun(receipt),
    new TextRun(' '),
  ];
}

/** A chart as the table it counts: a word processor can make any chart of it. */
function chartBlocks({ title, head, unit, bars }: Chart): Block[] {
  const row = (cells: readonly string[], bold = false) =>
    new TableRow({
      tableHeader: bold,
      children: cells.map(
        (text) => new TableCell({ children: [new Paragraph({ children: [new TextRun({ text, bold })] })] }),
      ),
    });
  return [
    new Paragraph({ keepNext: true, children: [new TextRun({ text: title, bold: true })] }),
    new Table({
      width: { size: 100, type: WidthType.PERCENTAGE },
      rows: [row([head, unit], true), ...bars.map(({ label, value }) => row([label, String(value)]))],
    }),
    new Paragraph(''),
  ];
}

const quotation = ({ quote, source, number, page }: PrintedQuote) =>
  `“${quote}” ${source}${page === null ? '' : `, page ${page}`} [${number}].`;

const explained = ({ short, long, number }: PrintedReport['abbreviations'][number]) =>
  new Paragraph({ children: [new TextRun({ text: short, bold: true }), new TextRun(` ${long} [${number}]`)] });
const heading = (text: string) => new Paragraph({ heading: HeadingLevel.HEADING_1, children: [new TextRun(text)] });
const small = (text: string) => new TextRun({ text, color: SOFT, size: NOTE_SIZE });
const note = (text: string) => new Paragraph({ children: [small(text)] });
const indented = (quote: PrintedQuote) =>
  new Paragraph({ indent: { left: INDENT }, children: [new TextRun(quotation(quote))] });

/** The earliest time a zip archive can name. */
const NO_TIME = new Date(Date.UTC(1980, 0, 1));

/** Takes the hour of its making out of the document's properties and its archive. */
async function settle(document: Buffer): Promise<Buffer> {
  const made = await JSZip.loadAsync(document);
  const fixed = new JSZip();
  for (const name of Object.keys(made.files).sort()) {
    const file = made.file(name);
    if (!file) continue; // a folder
    const content = await file.async('string');
    const timeless =
      name === 'docProps/core.xml' ? content.replace(/<dcterms:(created|modified)\b.*?<\/dcterms:\1>/gu, '') : content;
    fixed.file(name, timeless, { date: NO_TIME, createFolders: false });
  }
  return fixed.generateAsync({ type: 'nodebuffer', compression: 'DEFLATE', platform: 'UNIX' });
}
