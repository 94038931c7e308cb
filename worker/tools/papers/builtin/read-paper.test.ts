import { describe, expect, it } from 'vitest';
import { renderPage } from '../../../../src/papers/page-image/render-page.js';
import { pictureOnly } from '../../../../tests/support/picture-pdf.js';
import { column, simplePdf } from '../../../../tests/support/simple-pdf.js';
import { openOcr } from '../../ocr/open-ocr.js';
import { builtinEngine, createBuiltinEngine } from './read-paper.js';

const signal = new AbortController().signal;
const OCR_MS = 120_000; // 2 minutes: recognising a page takes seconds, on a busy machine many

const PAGE = [
  { text: 'How bees find flowers', x: 72, y: 720, size: 20, bold: true },
  ...column(['Bees return to flowers that they have visited before.', 'They remember the colours of nectar guides.'], {
    size: 14,
  }),
];

describe('the builtin engine', () => {
  it('says where every piece of a paper stands, in its own text', async () => {
    const { document, paper, lines } = await builtinEngine.read({ bytes: simplePdf([PAGE]), signal });
    const bytes = Buffer.from(document.text);
    expect(paper.title).toBe('How bees find flowers');
    expect(paper.places.title).toMatchObject({ page: 1 });
    for (const { startOffset, endOffset, box } of lines) {
      expect(bytes.subarray(startOffset, endOffset).toString()).toMatch(/\w/);
      expect(box.y).toBeGreaterThan(0);
      expect(box.y + box.height).toBeLessThan(792);
    }
  });

  it('reads a scanned page only when it is given a reader of scans, and says which it did', {
    timeout: OCR_MS,
  }, async () => {
    const scan = pictureOnly(await renderPage(simplePdf([PAGE]), { page: 1, boxes: [], widthPx: 1_700, signal }));
    const blind = await builtinEngine.read({ bytes: scan, signal });
    expect(blind.document.text).toBe('');
    expect(blind.paper.uncertainties).toContainEqual(expect.objectContaining({ code: 'SCANNED_PAGE', page: 1 }));

    const ocr = openOcr({ languages: ['eng'] });
    const seen = await createBuiltinEngine({ ocr }).read({ bytes: scan, signal });
    expect(seen.document.text).toContain('Bees return to flowers');
    expect(seen.document.extractor).toContain(ocr.engine);
    expect(seen.paper.uncertainties).toContainEqual(expect.objectContaining({ code: 'OCR_TEXT', page: 1 }));
    expect(seen.paper.uncertainties.map(({ code }) => code)).not.toContain('SCANNED_PAGE');
  });
});
