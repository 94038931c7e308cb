import { describe, expect, it } from 'vitest';
import type { DocumentParagraph } from '../../../documents/document-layout.js';
import { readTableMetrics } from './table-metrics.js';
import { unpagedEquations, unpagedFigures, unpagedTables } from './unpaged.js';

function paragraphsOf(...written: [DocumentParagraph['role'], string][]): {
  paragraphs: DocumentParagraph[];
  text: string;
} {
  let text = '';
  const paragraphs = written.map(([role, content]): DocumentParagraph => {
    const startOffset = Buffer.byteLength(text);
    text += `${content}\n\n`;
    return {
      role,
      level: 0,
      text: content,
      startOffset,
      endOffset: startOffset + Buffer.byteLength(content),
      lines: [],
    };
  });
  return { paragraphs, text };
}

const { paragraphs, text } = paragraphsOf(
  ['PARAGRAPH', 'Größe matters.'],
  ['CAPTION', 'Table 1: Our results.'],
  ['FRAGMENT', '| Model | BLEU |\n|---|---|\n| Ours | 28.4 |\n| Base | 27.3 |'],
  ['CAPTION', 'Figure 2: A picture.'],
  ['FRAGMENT', 'E = mc^2 (1)'],
  ['FRAGMENT', 'const a = b;'],
);

describe('a source without pages', () => {
  it('has its tables between bars, with the caption beside them and the place of each cell', () => {
    const tables = unpagedTables(paragraphs);
    expect(tables.map(({ table }) => table)).toMatchObject([
      {
        label: 'Table 1',
        caption: 'Our results.',
        rows: [
          ['Model', 'BLEU'],
          ['Ours', '28.4'],
          ['Base', '27.3'],
        ],
        page: null,
        box: null,
      },
    ]);
    const [first] = readTableMetrics(tables, []);
    expect(first).toMatchObject({ name: 'BLEU', value: 28.4, page: null });
    expect(Buffer.from(text).toString('utf8', first?.startOffset, first?.endOffset)).toBe('28.4');
  });

  it('has its figures by their captions, and formulas with their numbers; lines of code are neither', () => {
    expect(unpagedFigures(paragraphs)).toMatchObject([{ label: 'Figure 2', caption: 'A picture.' }]);
    expect(unpagedEquations(paragraphs)).toMatchObject([{ number: '1', text: 'E = mc^2' }]);
  });
});
