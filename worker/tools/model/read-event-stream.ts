/**
 * The data of server-sent events, one string an event, as the WHATWG's standard has them: lines end in LF, CR LF or CR,
 * several data lines make one event, lines with a colon first are comments. Never holds more than `maxBytes` altogether.
 */
import { modelFailure } from './model-failures.js';

export async function* readEventStream(body: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<string> {
  let data: string[] = [];
  for await (const line of readLines(body, maxBytes)) {
    if (line === '' && data.length > 0) {
      yield data.join('\n');
      data = [];
    } else if (line.startsWith('data:')) {
      data.push(line.slice(line.startsWith('data: ') ? 6 : 5));
    }
  }
  if (data.length > 0) yield data.join('\n'); // some servers end with the last line
}

async function* readLines(body: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<string> {
  let rest = '';
  for await (const text of readCapped(body, maxBytes)) {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/u);
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest.replace(/\r$/u, '');
}

/** The text of a body as it comes; TOO_LARGE where it passes the limit. */
export async function* readCapped(body: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw modelFailure('TOO_LARGE', 'The model sends more than an answer may have.');
    yield decoder.decode(chunk, { stream: true });
  }
}
