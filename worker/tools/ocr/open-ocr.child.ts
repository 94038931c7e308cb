/**
 * The child process of open-ocr.ts: reads one picture from standard input and writes the lines of text that it shows to
 * standard output, as JSON. It imports nothing of the product but types, so that Node can run it as it stands.
 *
 * Its data lie in a local folder; nothing is fetched, and nothing written.
 */
import { createWorker, type Line, OEM, PSM } from 'tesseract.js';
import type { OcrAnswer, OcrLine, OcrOrder, PixelBox } from './ocr-line.js';

const { language, dataFolder } = JSON.parse(process.argv[2] ?? '{}') as OcrOrder;

async function recognise(): Promise<OcrAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const engine = await createWorker(language, OEM.LSTM_ONLY, {
    langPath: dataFolder,
    cacheMethod: 'none',
    errorHandler: () => undefined, // it rejects as well
  });
  await engine.setParameters({ tessedit_pageseg_mode: PSM.AUTO }); // finds columns; the library's default is one block
  const reading = engine.recognize(Buffer.concat(chunks), {}, { blocks: true, text: false });
  return reading.then(
    ({ data }) => ({
      lines: (data.blocks ?? [])
        .flatMap((block) => block.paragraphs.flatMap((paragraph) => paragraph.lines))
        .map(lineOf)
        .filter((line) => line.words.length > 0),
    }),
    (error: unknown) => ({ refusal: 'NO_PICTURE', detail: String(error).slice(0, 300) }),
  );
}

function lineOf({ text, confidence, bbox, baseline, rowAttributes, words }: Line): OcrLine {
  return {
    text: text.trim(),
    confidence: confidence / 100,
    box: boxOf(bbox),
    baseline: (baseline.y0 + baseline.y1) / 2,
    xHeight: rowAttributes.rowHeight - rowAttributes.ascenders - rowAttributes.descenders,
    words: words
      .filter((word) => word.text.trim() !== '')
      .map((word) => ({ text: word.text, confidence: word.confidence / 100, box: boxOf(word.bbox) })),
  };
}

const boxOf = ({ x0, y0, x1, y1 }: { x0: number; y0: number; x1: number; y1: number }): PixelBox => ({
  x: x0,
  y: y0,
  width: x1 - x0,
  height: y1 - y0,
});

const answer = await recognise();
process.stdout.write(JSON.stringify(answer), () => process.exit(0));
