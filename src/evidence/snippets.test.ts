import { describe, expect, it } from 'vitest';
import type { DocumentText, Exclusion } from './document-text.js';
import { cutSnippets } from './snippets.js';

const sentence = (n: number) => `Sentence number ${n} says that the naïve reader finds twelve plain words here.`;
const sentences = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => sentence(from + i)).join(' ');

/** Builds a document from parts, so that offsets are counted and not guessed. */
function documentOf(parts: { text: string; heading?: boolean; excluded?: Exclusion; page?: number }[]): DocumentText {
  const document = { text: '', headings: [] as never[], pages: [] as never[], excluded: [] as never[] };
  for (const part of parts) {
    const startOffset = Buffer.byteLength(document.text);
    document.text += `${part.text}\n\n`;
    const endOffset = startOffset + Buffer.byteLength(part.text);
    const span = { startOffset, endOffset };
    if (part.heading) document.headings.push({ level: 1, title: part.text, ...span } as never);
    if (part.excluded) document.excluded.push({ reason: part.excluded, ...span } as never);
    if (part.page) document.pages.push({ number: part.page, ...span } as never);
  }
  return document;
}

describe('cutSnippets', () => {
  it('cuts long paragraphs between sentences into windows of 60 to 150 words', () => {
    const cut = cutSnippets(documentOf([{ text: sentences(1, 40) }]));
    expect(cut.length).toBeGreaterThan(2);
    for (const { text } of cut) {
      expect(text.split(/\s+/).length).toBeLessThanOrEqual(150);
      expect(text).toMatch(/^Sentence .*\.$/s);
    }
    expect(cut.map(({ text }) => text).join(' ')).toBe(sentences(1, 40));
  });

  it('takes short paragraphs together', () => {
    const cut = cutSnippets(
      documentOf([{ text: sentences(1, 2) }, { text: sentences(3, 4) }, { text: sentences(5, 6) }]),
    );
    expect(cut).toHaveLength(1);
    expect(cut[0]?.text).toBe([sentences(1, 2), sentences(3, 4), sentences(5, 6)].join('\n\n'));
  });

  it('never reaches across a heading, and names the one it stands under', () => {
    const cut = cutSnippets(
      documentOf([
        { text: 'Methods', heading: true },
        { text: sentences(1, 2) },
        { text: 'Results', heading: true },
        { text: sentences(3, 4) },
      ]),
    );
    expect(cut.map(({ heading, text }) => [heading, text])).toEqual([
      ['Methods', sentences(1, 2)],
      ['Results', sentences(3, 4)],
    ]);
  });

  it('leaves out references, captions and tables without bridging them', () => {
    const cut = cutSnippets(
      documentOf([
        { text: sentences(1, 2) },
        { text: 'Figure 1. A caption that would read like any other sentence of prose.', excluded: 'CAPTION' },
        { text: sentences(3, 4) },
        { text: '0.1 0.2 0.3 0.4 12 14 19' },
        { text: sentences(5, 6) },
        { text: 'Smith J. A paper of great interest to us all. Journal of Papers 2009.', excluded: 'REFERENCES' },
      ]),
    );
    expect(cut.map(({ text }) => text)).toEqual([sentences(1, 2), sentences(3, 4), sentences(5, 6)]);
  });

  it('is a verbatim slice at its byte offsets, numbered in order, with the page it starts on', () => {
    const document = documentOf([
      { text: `Ünïcode 🙂 opens the first page of this document. ${sentences(1, 9)}`, page: 1 },
      { text: sentences(10, 20), page: 2 },
    ]);
    const bytes = Buffer.from(document.text);
    const cut = cutSnippets(document);
    expect(cut.map(({ ordinal }) => ordinal)).toEqual(cut.map((_, i) => i));
    expect(new Set(cut.map(({ page }) => page))).toEqual(new Set([1, 2]));
    for (const { text, startOffset, endOffset } of cut) {
      expect(bytes.toString('utf8', startOffset, endOffset)).toBe(text);
    }
  });

  it('cuts nothing from a document without prose', () => {
    expect(cutSnippets(documentOf([{ text: '1 2 3' }, { text: 'x = y' }]))).toEqual([]);
    expect(cutSnippets(documentOf([]))).toEqual([]);
  });
});
