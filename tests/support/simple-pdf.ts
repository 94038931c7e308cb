/** A small PDF made by hand: lines of Helvetica at given places. For tests of what reads PDFs. */

export interface PdfLine {
  text: string; // printable ASCII
  x: number; // points from the left
  y: number; // points from the bottom
  size?: number; // 10 when absent
  bold?: boolean;
}

/** US Letter pages, 612 × 792 points. */
export function simplePdf(pages: readonly (readonly PdfLine[])[], title?: string): Buffer {
  const objects: string[] = [];
  const add = (body: string) => objects.push(body);
  const pageIds = pages.map((_, index) => 5 + index * 2);
  add('<< /Type /Catalog /Pages 2 0 R >>');
  add(`<< /Type /Pages /Kids [${pageIds.map((id) => `${id} 0 R`).join(' ')}] /Count ${pages.length} >>`);
  add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>');
  add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>');
  pages.forEach((lines, index) => {
    const content = lines.map(drawn).join('\n');
    add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${(pageIds[index] ?? 0) + 1} 0 R /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>`,
    );
    add(`<< /Length ${content.length} >>\nstream\n${content}\nendstream`);
  });
  if (title) add(`<< /Title (${escaped(title)}) >>`);
  return assembled(objects, title ? objects.length : undefined);
}

const drawn = ({ text, x, y, size = 10, bold }: PdfLine): string =>
  `BT /${bold ? 'F2' : 'F1'} ${size} Tf ${x} ${y} Td (${escaped(text)}) Tj ET`;

const escaped = (text: string): string => text.replace(/[\\()]/g, '\\$&');

function assembled(objects: readonly string[], infoId: number | undefined): Buffer {
  let file = '%PDF-1.4\n';
  const offsets = objects.map((body, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${body}\nendobj\n`;
    return offset;
  });
  const xref = file.length;
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const info = infoId === undefined ? '' : ` /Info ${infoId} 0 R`;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R${info} >>\nstartxref\n${xref}\n%%EOF\n`;
  return Buffer.from(file, 'latin1');
}

/** Lines of one column, from the top, 12 points apart. */
export const column = (texts: readonly string[], from: { x?: number; y?: number; size?: number } = {}): PdfLine[] =>
  texts.map((text, index) => ({
    text,
    x: from.x ?? 72,
    y: (from.y ?? 700) - 12 * index,
    ...(from.size && { size: from.size }),
  }));
