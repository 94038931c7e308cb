import mammoth from 'mammoth';
import { describe, expect, it } from 'vitest';
import { scoreTrust } from '../../../../src/trust/score-trust.js';
import { extractText } from '../../documents/extract-text.js';
import { checkFacts } from '../check-facts.js';
import { referenceLine } from '../cite-source.js';
import { finishReport } from '../finish-report.js';
import type { FinishedReport } from '../finished-report.js';
import { planOutline } from '../outline.js';
import { renderClaimMap } from '../render-claims.js';
import { renderHtml } from '../render-html.js';
import { renderMarkdown } from '../render-markdown.js';
import { ROOF_QUESTION, roofLibrary } from '../roof-library.fixture.js';
import { writeDraft } from '../write-draft.js';
import { printReport } from './printed-report.js';
import { renderDocx } from './render-docx.js';
import { renderPdf } from './render-pdf.js';

function finish(): FinishedReport {
  const library = roofLibrary();
  const draft = writeDraft(planOutline(ROOF_QUESTION, library.snippets), library.snippets);
  const report = finishReport(draft, checkFacts(draft, library), library.sources);
  const receipts = report.claims[0]?.receipts.slice(0, 1) ?? [];
  return {
    ...report,
    abbreviations: receipts.map((receipt) => ({ short: 'EGR', long: 'extensive green roof', receipt })),
  };
}

const trustOf = (report: FinishedReport) => scoreTrust(renderClaimMap(report, [], []));
const print = (report: FinishedReport) => printReport(report, trustOf(report));

const pdfOf = async (report: Parameters<typeof renderPdf>[0]): Promise<Buffer> => {
  const set = await renderPdf(report);
  if ('unavailable' in set) throw new Error(set.unavailable);
  return set.pdf;
};

/** Letters and digits alone: what no line break, hyphenation or ligature changes. */
const bare = (text: string) => text.normalize('NFKC').replace(/[^\p{L}\p{N}]+/gu, '');

const readPdfText = async (bytes: Buffer): Promise<string> =>
  (await extractText({ bytes, fileName: 'report.pdf', signal: new AbortController().signal })).text;

const readDocx = async (buffer: Buffer) => ({
  html: (await mammoth.convertToHtml({ buffer })).value,
  text: (await mammoth.extractRawText({ buffer })).value,
});

/** Everything a source could hope to smuggle in, in one line. */
const HOSTILE = [
  '#panic("typst") #import "x": * $x^2$ *bold* @ref <label> // gone /* gone */ \\u{41}',
  '}, author = {Mallory}} @book{evil, title = {x} % \\input{/etc/passwd} $ & # _ ^ ~ "',
  ']]></w:t><w:p/><!-- <script>alert(1)</script> &amp; &#60; <on>',
  'safe\u202Egnp.exe\u2066hidden\u2069',
  '\u0000\u0007bell ~ | cell | `code` [link](http://evil.example/)',
].join(' ');

/** The roof report, with a hostile question, heading, title, author and venue, and a claim that is hostile text. */
function hostile(): FinishedReport {
  const report = finish();
  return {
    ...report,
    title: HOSTILE,
    question: `${HOSTILE} ?`,
    abbreviations: report.abbreviations.map((each) => ({ ...each, short: HOSTILE, long: HOSTILE })),
    sections: report.sections.map((section) => (section.role === 'TOPIC' ? { ...section, heading: HOSTILE } : section)),
    claims: report.claims.map((claim, index) =>
      index === 0
        ? { ...claim, text: HOSTILE, receipts: claim.receipts.map((receipt) => ({ ...receipt, quote: HOSTILE })) }
        : claim,
    ),
    sources: report.sources.map((source, index) => ({
      ...source,
      title: index === 0 ? HOSTILE : index === 1 ? 'T'.repeat(10_000) : source.title,
      authors: index === 0 ? [HOSTILE] : source.authors,
    })),
    charts: report.charts.map((chart) => ({
      ...chart,
      description: HOSTILE,
      bars: chart.bars.map((bar) => ({ ...bar, label: HOSTILE })),
    })),
  };
}

describe('report.pdf', () => {
  it('says every sentence, quote, heading and source of the report, read again as any paper is read', async () => {
    const report = finish();
    const text = bare(await readPdfText(await pdfOf(print(report))));
    const said = [
      report.title,
      ...report.sections.flatMap((section) => section.heading),
      ...report.claims.flatMap((claim) => [claim.text, ...claim.receipts.map((receipt) => receipt.quote)]),
      ...report.sources.flatMap((source) => [referenceLine(source), source.snapshotSha256]),
      'Where the sources disagree',
      'EGR extensive green roof [1]',
      'Sources by year',
    ];
    expect(said.filter((part) => !text.includes(bare(part)))).toEqual([]);
  });

  it('is the same bytes for the same report', async () => {
    const printed = print(finish());
    expect((await pdfOf(printed)).equals(await pdfOf(printed))).toBe(true);
  });

  it('sets hostile text as text', async () => {
    const text = await readPdfText(await pdfOf(print(hostile())));
    for (const part of ['panic("typst")', '#import', '/etc/passwd', '<w:p/>', '*bold*', 'alert(1)'])
      expect(bare(text)).toContain(bare(part));
    expect(text).toContain('#panic');
    expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/u);
  });
});

describe('report.docx', () => {
  it('has every sentence in its text, every quote in a footnote and every source in its list', async () => {
    const report = finish();
    const { html, text } = await readDocx(await renderDocx(print(report)));
    expect(report.claims.filter((claim) => !text.includes(claim.text))).toEqual([]);
    expect(report.sources.filter((source) => !text.includes(`${source.number}. ${referenceLine(source)}`))).toEqual([]);
    expect(text).toContain('EGR extensive green roof [1]');
    const notes = html.match(/<li id="footnote-\d+">.*?<\/li>/gsu) ?? [];
    expect(notes).toHaveLength(report.claims.length);
    for (const [index, claim] of report.claims.entries()) {
      for (const { quote } of claim.receipts) expect(bare(withoutTags(notes[index] ?? ''))).toContain(bare(quote));
    }
    expect(html.match(/<h1>.*?<\/h1>/gu)?.length).toBeGreaterThanOrEqual(report.sections.length);
  });

  it('is the same bytes for the same report, whenever it is made', async () => {
    const printed = print(finish());
    const first = await renderDocx(printed);
    expect(first.equals(await renderDocx(printed))).toBe(true);
    expect(first.includes(String(new Date().getUTCFullYear()))).toBe(false);
  });

  it('keeps hostile text as text', async () => {
    const { html, text } = await readDocx(await renderDocx(print(hostile())));
    expect(text).toContain('<script>alert(1)</script>');
    expect(html).not.toContain('<script>');
    expect(text).toContain('@book{evil');
    expect(text).not.toMatch(/[\u0000\u0007\u202a-\u202e\u2066-\u2069]/u);
  });
});

describe('a hostile source in report.html and report.md', () => {
  it('makes no markup, no address and turns no text round', () => {
    const report = hostile();
    const html = renderHtml(report, trustOf(report));
    const { markdown } = renderMarkdown(report);
    expect(html).not.toMatch(/<script|<w:p|<on>|href="http/u);
    expect(markdown).not.toMatch(/(?<!\\)\]\(http|(?<!\\)<script|(?<!\\)\*bold/u);
    for (const page of [html, markdown]) expect(page).not.toMatch(/[\u0000\u0007\u202a-\u202e\u2066-\u2069]/u);
    expect(markdown.split('\n').filter((line) => /^\| .*\|$/u.test(line) && line.includes('panic'))).not.toEqual([]);
  });

  it('gives each chart a title and a description that it names', () => {
    const html = renderHtml(finish(), trustOf(finish()));
    expect(html).toMatch(/<svg [^>]*role="img" aria-labelledby="sources-by-year-title sources-by-year-desc"/u);
    expect(html).toContain('<title id="sources-by-year-title">Sources by year</title>');
    expect(html).toContain('<desc id="sources-by-year-desc">Sources: 2011, 1; 2016, 1; 2019, 1; 2021, 1.</desc>');
    expect(html).toContain('id="evidence-by-section-desc"');
  });
});

const withoutTags = (html: string) =>
  html
    .replace(/<[^>]+>/gu, '')
    .replace(/&lt;/gu, '<')
    .replace(/&gt;/gu, '>')
    .replace(/&quot;/gu, '"')
    .replace(/&amp;/gu, '&');
