/**
 * Takes in the body of an answer, decoded, and never holds more than `maxBytes` of it: the bytes on the wire are counted
 * and the bytes they unpack to, as they come, so a compressed bomb is stopped where it passes the limit.
 *
 * Fails with QUOTA_EXCEEDED, or UNAVAILABLE for a body that was cut short or is not in the encoding it names.
 */
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { isAppError } from '../../../src/platform/errors.js';
import { brokenAnswer, tooManyBytes, unreachable } from './fetch-failures.js';

export const ACCEPTED_ENCODINGS = 'gzip, deflate, br';

export async function readBody(response: IncomingMessage, host: string, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const count = () => capBytes(host, maxBytes);
  const decoder = decoderFor(response.headers['content-encoding'], host);
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) throw tooManyBytes(host, maxBytes);
  const collect = async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of source) chunks.push(chunk);
  };
  try {
    if (decoder) await pipeline(response, count(), decoder, count(), collect);
    else await pipeline(response, count(), collect);
  } catch (error) {
    if (isAppError(error)) throw error;
    if ((error as { code?: unknown }).code === 'ECONNRESET')
      throw brokenAnswer(host, 'only a part of its answer', error);
    if (isZlibError(error)) throw brokenAnswer(host, 'an answer that cannot be unpacked', error);
    throw unreachable(host, error);
  }
  return Buffer.concat(chunks);
}

const capBytes = (host: string, maxBytes: number) =>
  async function* (source: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
    let bytes = 0;
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooManyBytes(host, maxBytes);
      yield chunk;
    }
  };

function decoderFor(encoding: string | undefined, host: string) {
  switch (encoding?.trim().toLowerCase() ?? '') {
    case '':
    case 'identity':
      return null;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      throw brokenAnswer(host, `an answer in an encoding it was not asked for (${encoding})`);
  }
}

const isZlibError = (error: unknown): boolean =>
  /^(?:Z_|ERR_BROTLI|ERR__ERROR_)/.test(String((error as { code?: unknown }).code));
