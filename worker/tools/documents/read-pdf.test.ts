import { describe, expect, it } from 'vitest';
import { bombPdf, encryptedPdf } from '../../../tests/support/hostile-pdfs.js';
import { column, simplePdf } from '../../../tests/support/simple-pdf.js';
import { PDF_LIMITS, readPdf } from './read-pdf.js';

const MIB = 1024 * 1024;
const signal = new AbortController().signal;

describe('readPdf', () => {
  it('hands out runs with their place and size, page by page', async () => {
    const { pages, title } = await readPdf(simplePdf([column(['First.']), column(['Second.'])], 'A title'), signal);
    expect(title).toBe('A title');
    expect(pages.map(({ number, width, runs }) => [number, width, runs[0]?.text])).toEqual([
      [1, 612, 'First.'],
      [2, 612, 'Second.'],
    ]);
    expect(pages[0]?.runs[0]).toMatchObject({ x: 72, y: 700, size: 10 });
  });

  it('tells the place on the page as it is shown, turned and cropped', async () => {
    const file = simplePdf([column(['Words of this page.'])]).toString('latin1');
    const read = async (entry: string, drawn = file) => {
      const altered = drawn.replace('/Type /Page /Parent', `/Type /Page ${entry} /Parent`);
      return (await readPdf(Buffer.from(altered, 'latin1'), signal)).pages[0];
    };
    const upright = { text: 'Words of this page.', size: 10 };
    const cropped = await read('/CropBox [60 650 360 750]');
    expect(cropped).toMatchObject({ width: 300, height: 100, runs: [{ ...upright, x: 12, y: 50 }] });
    // Drawn from (500, 72) upwards, and shown turned by 90° clockwise: it is read from left to right.
    const sideways = file.replace('72 700 Td', '0 1 -1 0 500 72 Tm');
    const turned = await read('/Rotate 90', sideways);
    expect(turned).toMatchObject({ width: 792, height: 612, runs: [{ ...upright, x: 72, y: 112 }] });
    expect(await read('', sideways)).toMatchObject({ runs: [], turned: 'Words of this page.' });
  });

  it('refuses an encrypted file and says how to go on', async () => {
    await expect(readPdf(encryptedPdf(), signal)).rejects.toMatchObject({
      code: 'UNREADABLE_DOCUMENT',
      message: 'The PDF is encrypted.',
      hint: expect.stringContaining('password'),
    });
  });

  it('refuses more pages or more text than a document may have', async () => {
    const file = simplePdf(Array.from({ length: 5 }, () => column(['Words of this page.'])));
    await expect(readPdf(file, signal, { ...PDF_LIMITS, pages: 4 })).rejects.toThrow('5 pages; the limit is 4');
    await expect(readPdf(file, signal, { ...PDF_LIMITS, characters: 40 })).rejects.toThrow('more than 40 characters');
  });

  it('stops a reader that takes too long', async () => {
    const file = simplePdf([column(['Words.'])]);
    await expect(readPdf(file, signal, { ...PDF_LIMITS, wallMs: 1 })).rejects.toMatchObject({
      code: 'UNREADABLE_DOCUMENT',
    });
  });

  it.skipIf(process.platform !== 'linux')('stops a reader that takes too much memory (Linux only)', async () => {
    const file = simplePdf([column(['Words.'])]);
    await expect(readPdf(file, signal, { ...PDF_LIMITS, residentBytes: 1 })).rejects.toThrow(
      'more memory than a document may',
    );
  });

  it('survives a file that unfolds to hundreds of megabytes', async () => {
    const limits = { ...PDF_LIMITS, residentBytes: 256 * MIB, wallMs: 30_000 };
    const outcome = await readPdf(bombPdf(200 * MIB), signal, limits).catch((error) => error);
    expect(outcome).toMatchObject({ code: 'UNREADABLE_DOCUMENT' });
  });

  it('kills the reader when the call is aborted before or while it reads', async () => {
    await expect(readPdf(simplePdf([[]]), AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
    const controller = new AbortController();
    const reading = readPdf(bombPdf(50 * MIB), controller.signal);
    controller.abort(new Error('while'));
    await expect(reading).rejects.toThrow('while');
  });
});
