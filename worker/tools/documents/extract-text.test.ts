import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cutSnippets } from '../../../src/evidence/snippets.js';
import { column, type PdfLine, simplePdf } from '../../../tests/support/simple-pdf.js';
import { extractText } from './extract-text.js';

const signal = new AbortController().signal;
const extract = (bytes: Uint8Array | string, fileName?: string, mediaType?: string) =>
  extractText({
    bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes,
    signal,
    ...(fileName && { fileName }),
    ...(mediaType && { mediaType }),
  });

const PROSE = [
  'Pooling asks assessors to read only the top documents of every sys-',
  'tem that took part in the track. What no system retrieved near its top is',
  'assumed not to be relevant, which a later and better-known sys-',
  'tem may suffer from. A well-known case is the ranking of rare topics.',
];

function paper(): Buffer {
  const furniture = (page: number): PdfLine[] => [
    { text: `Journal of Tests ${2000 + page}`, x: 72, y: 760, size: 8 },
    { text: String(page), x: 300, y: 30, size: 8 },
  ];
  return simplePdf([
    [
      ...furniture(1),
      { text: 'On the judging of pools', x: 72, y: 730, size: 18, bold: true },
      { text: 'Ada Author', x: 72, y: 712 },
      { text: 'Abstract', x: 72, y: 690, size: 12, bold: true },
      ...column(PROSE, { y: 670 }),
      { text: '1 Methods', x: 72, y: 600, size: 12, bold: true },
      ...column(['Judges read two columns of', 'text and marked what they', 'found to be of use. Each'], { y: 580 }),
      ...column(['document was read by two', 'judges, and 10'], { x: 320, y: 580 }),
      { text: '6', x: 386, y: 572, size: 6 },
      ...column(['pairs were kept in the end.'], { x: 320, y: 556 }),
    ],
    [
      ...furniture(2),
      ...column(['The second page goes on with another paragraph of whole sentences.', 'It ends here.'], { y: 700 }),
      { text: 'Figure 1: A caption that is set below a figure and is no evidence at all.', x: 72, y: 640, size: 9 },
      { text: 'References', x: 72, y: 600, size: 12, bold: true },
      ...column(['1. Author A. A title of a paper. Journal of Tests 12:34-56, 1999.'], { y: 580 }),
    ],
    [...furniture(3), ...column(['2. Writer B. Another title. Proc. of Tests, pp. 7-8, 2001.'], { y: 700 })],
  ]);
}

describe('extractText of LaTeX', () => {
  const source = String.raw`\documentclass{article}\begin{document}\section{Tides}They rise.\input{more}\end{document}`;

  it.each([
    ['by its name', 'It has no head.', 'part.tex', undefined],
    ['by its declaration', 'It has no head.', undefined, 'text/x-tex'],
    ['by how it begins', `% a comment\n\n${source}`, 'paper.txt', 'text/plain'],
  ])('knows it %s', async (_, text, name, type) => {
    expect(await extract(text, name, type)).toMatchObject({ mediaType: 'application/x-tex', extractor: 'latex@1' });
  });

  it('reads its sections, and names the files that are missing', async () => {
    const { text, headings, layout } = await extract(source, 'paper.tex');
    expect(text).toBe('Tides\n\nThey rise.');
    expect(headings).toEqual([{ level: 1, title: 'Tides', startOffset: 0, endOffset: 5 }]);
    expect(layout.missingFiles).toEqual(['more']);
  });

  it('leaves Markdown about LaTeX alone', async () => {
    expect((await extract('A `\\documentclass{x}` begins it.', 'notes.md')).mediaType).toBe('text/markdown');
  });
});

describe('extractText of a PDF', () => {
  it('gives title, headings, whole paragraphs in reading order and their pages', async () => {
    const extracted = await extract(paper(), 'paper.pdf');
    expect(extracted).toMatchObject({ mediaType: 'application/pdf', extractor: 'pdf-layout@3', pageCount: 3 });
    expect(extracted.title).toBe('On the judging of pools');
    expect(extracted.headings.map((heading) => heading.title)).toEqual(
      expect.arrayContaining(['Abstract', '1 Methods', 'References']),
    );
    expect(extracted.text).toContain(
      'Pooling asks assessors to read only the top documents of every system that took part in the track. What no system retrieved near its top is assumed not to be relevant, which a later and better-known system may suffer from.',
    );
    expect(extracted.text).toContain('found to be of use. Each document was read by two judges');
    const bytes = Buffer.from(extracted.text);
    for (const { title, startOffset, endOffset } of extracted.headings) {
      expect(bytes.toString('utf8', startOffset, endOffset)).toBe(title);
    }
    const pageOf = (quote: string) => {
      const offset = bytes.indexOf(quote);
      return extracted.pages.find((page) => page.startOffset <= offset && offset < page.endOffset)?.number;
    };
    expect([pageOf('Pooling asks'), pageOf('The second page'), pageOf('2. Writer B')]).toEqual([1, 2, 3]);
  });

  it('drops running headers and page numbers, and sets a raised figure as a superscript', async () => {
    const { text } = await extract(paper(), 'paper.pdf');
    expect(text).not.toContain('Journal of Tests 200');
    expect(text).not.toMatch(/^\d$/m);
    expect(text).toContain('judges, and 10⁶ pairs were kept');
  });

  it('marks captions and the reference list, so that no snippet holds them', async () => {
    const extracted = await extract(paper(), 'paper.pdf');
    const evidence = cutSnippets(extracted)
      .map((snippet) => snippet.text)
      .join('\n');
    expect(evidence).toContain('goes on with another paragraph');
    expect(evidence).not.toMatch(/A title of a paper|Another title|no evidence at all|Ada Author/);
  });

  it('is the same for the same bytes', async () => {
    expect(await extract(paper())).toEqual(await extract(paper()));
  });

  it.each([
    ['cut short', paper().subarray(0, 300), 'damaged'],
    ['a header and nothing else', Buffer.from('%PDF-1.7\n'), 'damaged'],
    ['random bytes behind a header', Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(5_000, 0xa7)]), 'damaged'],
    ['an HTML page', Buffer.from('<!DOCTYPE html><html><body>Not found</body></html>'), 'HTML'],
    ['plain text', Buffer.from('just words'), 'holds none'],
    ['without text', simplePdf([[]]), 'no text'],
  ])('refuses a .pdf that is %s', async (_name, bytes, words) => {
    const failure = await extract(bytes, 'paper.pdf').catch((error) => error);
    expect(failure).toMatchObject({ code: 'UNREADABLE_DOCUMENT', retryable: false, hint: expect.any(String) });
    expect(failure.message).toContain(words);
  });

  it('ends at once when it is aborted', async () => {
    const controller = new AbortController();
    const extraction = extractText({ bytes: paper(), signal: controller.signal });
    controller.abort(new Error('canceled by a person'));
    await expect(extraction).rejects.toThrow('canceled by a person');
  });
});

describe('extractText of Markdown', () => {
  const source = [
    '---',
    'title: "Pools"',
    '---',
    '# How *pools* are judged',
    '',
    'Pooling was proposed by **Sparck Jones** ([report](https://example.org/a_(b))) and',
    'costs `k` documents a topic &amp; system.',
    '',
    '- First item of snake_case words.',
    '- Second item.',
    '',
    '```python',
    'print("no evidence")',
    '```',
    '',
    '| a | b |',
    '|---|---|',
    '| 1 | 2 |',
    '',
    'Setext',
    '------',
    'Costs 5 \\* 3 of 2*3*4 units.',
    '',
    '## References',
    '- Jones K. 1975.',
  ].join('\n');

  it('keeps the words and drops the marks', async () => {
    const extracted = await extract(source, 'pools.md');
    expect(extracted).toMatchObject({ mediaType: 'text/markdown', extractor: 'markdown@1', title: 'Pools', pages: [] });
    expect(extracted.text).toContain(
      'Pooling was proposed by Sparck Jones (report) and costs k documents a topic & system.',
    );
    expect(extracted.text).toContain('\n\nFirst item of snake_case words.\n\nSecond item.\n\n');
    expect(extracted.text).toContain('Costs 5 * 3 of');
    expect(extracted.headings.map(({ level, title }) => [level, title])).toEqual([
      [1, 'How pools are judged'],
      [2, 'Setext'],
      [2, 'References'],
    ]);
  });

  it('marks code, tables and references', async () => {
    const extracted = await extract(source, 'pools.md');
    const bytes = Buffer.from(extracted.text);
    const marked = extracted.excluded.map((span) => [
      span.reason,
      bytes.toString('utf8', span.startOffset, span.endOffset),
    ]);
    expect(marked).toEqual([
      ['CODE', 'print("no evidence")'],
      ['TABLE', '| a | b |\n|---|---|\n| 1 | 2 |'],
      ['REFERENCES', 'References\n\nJones K. 1975.'],
    ]);
  });
});

describe('extractText of plain text', () => {
  it('joins lines that were wrapped, keeps those that were not, and takes a short first line as the title', async () => {
    const text =
      'On pools\r\n\r\nA paragraph that was wrapped at some margin of its edi-\r\ntor and goes on for two more lines of text until it\r\nends.\r\n\r\none\r\ntwo\r\n';
    const extracted = await extract(text, 'pools.txt');
    expect(extracted.title).toBe('On pools');
    expect(extracted.text).toBe(
      'On pools\n\nA paragraph that was wrapped at some margin of its edi-tor and goes on for two more lines of text until it ends.\n\none\ntwo',
    );
  });

  it('reads UTF-8 with a mark, UTF-16 and Windows-1252, and stores NFC', async () => {
    expect((await extract(Buffer.from('\ufeffNaïve e\u0301tude of words.'))).text).toBe('Naïve étude of words.');
    expect((await extract(Buffer.from('\ufeffWords of text.', 'utf16le'))).text).toBe('Words of text.');
    expect((await extract(Buffer.from('Caf\xe9 words \x93quoted\x94.', 'latin1'))).text).toBe('Café words “quoted”.');
  });

  it.each([
    ['an empty file', Buffer.alloc(0), 'UNREADABLE_DOCUMENT'],
    ['only white space', Buffer.from(' \n\t\n'), 'UNREADABLE_DOCUMENT'],
    ['only digits and emoji', Buffer.from('123 🙂🙂 456'), 'UNREADABLE_DOCUMENT'],
    ['binary data', Buffer.from(Array.from({ length: 4_096 }, (_, i) => (i * 7) % 32)), 'UNSUPPORTED_MEDIA_TYPE'],
    ['a ZIP archive', Buffer.from('PK\x03\x04rest of it'), 'UNSUPPORTED_MEDIA_TYPE'],
    ['a PNG image', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'UNSUPPORTED_MEDIA_TYPE'],
    ['an HTML page', Buffer.from('\n<html><body>hello</body></html>'), 'UNSUPPORTED_MEDIA_TYPE'],
  ])('refuses %s', async (_name, bytes, code) => {
    await expect(extract(bytes, 'notes.txt')).rejects.toMatchObject({ code, hint: expect.any(String) });
  });
});

const papers = resolve(process.env.PAPERWRIGHT_DATA ?? '../shared/data', 'papers');

describe.skipIf(!existsSync(join(papers, 'pdf')))(
  'extractText of real papers (skipped where they are not at hand: set PAPERWRIGHT_DATA)',
  () => {
    it('gives quotable text for each, with the true title for at least 90 %', async () => {
      // every second: each is a process of its own, and half of them say as much
      const files = readdirSync(join(papers, 'pdf')).filter((_, index) => index % 2 === 0);
      const squeeze = (text: string) =>
        text
          .normalize('NFKD')
          .toLowerCase()
          .replace(/[^a-z0-9]/g, '');
      const wrong: string[] = [];
      const waiting = [...files];
      const examineNext = async () => {
        for (let file = waiting.shift(); file; file = waiting.shift()) {
          const extracted = await extract(readFileSync(join(papers, 'pdf', file)), file);
          const truth = JSON.parse(readFileSync(join(papers, 'truth', file.replace('.pdf', '.json')), 'utf8'));
          if (squeeze(extracted.title ?? '') !== squeeze(truth.title)) wrong.push(file);
          const bytes = Buffer.from(extracted.text);
          const snippets = cutSnippets(extracted);
          expect(snippets.length, file).toBeGreaterThan(0);
          for (const { text, startOffset, endOffset } of snippets) {
            expect(bytes.toString('utf8', startOffset, endOffset)).toBe(text);
          }
        }
      };
      await Promise.all([examineNext(), examineNext()]);
      expect(wrong.length / files.length).toBeLessThanOrEqual(0.1);
    }, 240_000); // 4 minutes: 18 child processes on a busy machine

    it('refuses an HTML page that is named a PDF', async () => {
      const file = 'corrupt-test2.pdf';
      await expect(extract(readFileSync(join(papers, 'broken', file)), file)).rejects.toMatchObject({
        code: 'UNREADABLE_DOCUMENT',
      });
    });
  },
);
