/** A PDF that is a scan: a page that shows a picture and has no text. */
import { deflateSync } from 'node:zlib';
import { decode } from 'fast-png';

/** A PDF whose page shows nothing but the picture. */
export function pictureOnly(png: Buffer): Buffer {
  const { width, height, data, channels } = decode(png);
  const gray = Buffer.alloc(width * height);
  for (let i = 0; i < gray.length; i++) gray[i] = Number(data[i * channels]);
  const image = deflateSync(gray);
  const drawing = 'q 612 0 0 792 0 0 cm /Im0 Do Q';
  const objects: [string, Buffer?][] = [
    ['<< /Type /Catalog /Pages 2 0 R >>'],
    ['<< /Type /Pages /Kids [3 0 R] /Count 1 >>'],
    [
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /XObject << /Im0 5 0 R >> >> >>',
    ],
    [`<< /Length ${drawing.length} >>`, Buffer.from(drawing)],
    [
      `<< /Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode /Length ${image.length} >>`,
      image,
    ],
  ];
  const body = objects.flatMap(([dictionary, stream], index) => [
    Buffer.from(`${index + 1} 0 obj\n${dictionary}\n`),
    ...(stream ? [Buffer.from('stream\n'), stream, Buffer.from('\nendstream\n')] : []),
    Buffer.from('endobj\n'),
  ]);
  return Buffer.concat([
    Buffer.from('%PDF-1.4\n'),
    ...body,
    Buffer.from('trailer\n<< /Size 6 /Root 1 0 R >>\n%%EOF\n'),
  ]);
}
