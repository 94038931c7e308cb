/** PDFs made to harm whoever reads them, or that nobody can read. */
import { deflateSync } from 'node:zlib';
import { column, simplePdf } from './simple-pdf.js';

/** A one-page file whose trailer says that it is encrypted for a password nobody here knows. */
export function encryptedPdf(): Buffer {
  const file = simplePdf([column(['Secret words.'])]).toString('latin1');
  const noise = 'a7'.repeat(32);
  const dictionary = `/Encrypt << /Filter /Standard /V 1 /R 2 /O <${noise}> /U <${noise}> /P -4 >> /ID [<${'00'.repeat(16)}> <${'00'.repeat(16)}>]`;
  return Buffer.from(file.replace('/Root 1 0 R', `/Root 1 0 R ${dictionary}`), 'latin1');
}

/** A page whose few kilobytes unfold to `bytes` of drawing operators. */
export function bombPdf(bytes: number): Buffer {
  const operators = deflateSync(Buffer.alloc(bytes, '0 0 m 1 1 l '));
  const [head = '', tail = ''] = simplePdf([[]]).toString('latin1').split('<< /Length 0 >>\nstream\n\nendstream');
  return Buffer.concat([
    Buffer.from(`${head}<< /Length ${operators.length} /Filter /FlateDecode >>\nstream\n`, 'latin1'),
    operators,
    Buffer.from(`\nendstream${tail}`, 'latin1'),
  ]);
}

/** A page tree whose root is a child of itself. */
export function loopedPdf(): Buffer {
  const file = simplePdf([column(['Round and round.'])]).toString('latin1');
  return Buffer.from(file.replace('/Kids [5 0 R]', '/Kids [2 0 R]'), 'latin1');
}

export const longPdf = (pages: number): Buffer => simplePdf(Array.from({ length: pages }, () => []));

/** The first half of a good one: what a broken download leaves. */
export function truncatedPdf(): Buffer {
  const file = simplePdf([column(['Half a paper.'])]);
  return file.subarray(0, file.length / 2);
}
