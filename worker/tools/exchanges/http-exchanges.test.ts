import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/platform/errors.js';
import { fakeClock } from '../connectors/fake-clock.fixture.js';
import { Lane } from '../connectors/lane.js';
import type { PoliteHttp, PoliteRequest } from '../connectors/polite-http.js';
import { askingThrough, type ExchangeAnswer, type ExchangeRequest, type Exchanges } from './exchanges.js';
import { withRecord } from './http-exchanges.js';
import { publicUrl } from './public-url.js';

const SECRETS = 'api_key=k-123&mailto=me%40x.org&token=t&X-Amz-Signature=abc&key=q';

describe('an address on the record', () => {
  it.each([
    [`https://api.example/works?search=roofs&${SECRETS}&page=2`, 'https://api.example/works?search=roofs&page=2'],
    ['https://ada:secret@journal.example/a.pdf', 'https://journal.example/a.pdf'],
    ['https://journal.example/a.pdf?keyword=roofs&tokens=3', 'https://journal.example/a.pdf?keyword=roofs&tokens=3'],
    ['no address', 'no address'],
  ])('%s has no secret', (url, wanted) => {
    expect(publicUrl(url)).toBe(wanted);
  });
});

describe('HTTP with a record', () => {
  const url = `https://api.example/works?search=roofs&api_key=k-123456&mailto=me%40x.org`;
  const request: PoliteRequest = {
    url,
    types: ['application/json'],
    maxBytes: 1_000,
    timeoutMs: 1_000,
    headers: { 'x-api-key': 'other-secret' },
    lane: new Lane({ name: 'api.example', spacingMs: 0, clock: fakeClock() }),
  };
  const body = (text: string) => Buffer.from(text);
  const echo = `{"asked": "${url}", "by": "me@x.org", "with": "other-secret"}`;
  const live: PoliteHttp = {
    get: async (_request, read) => read({ url, mediaType: 'application/json', charset: null, bytes: body(echo) }),
  };
  const read = ({ bytes }: { bytes: Buffer }) => bytes.toString('utf8');
  const signal = new AbortController().signal;

  /** Remembers what it is asked; answers by `call`, or by what is given. */
  function listen(given?: ExchangeAnswer) {
    const heard: { request: ExchangeRequest; answer: ExchangeAnswer }[] = [];
    const exchanges: Exchanges = {
      isReplay: given !== undefined,
      fault: null,
      async ask(asked, call) {
        const answer = given ?? (await call());
        heard.push({ request: asked, answer });
        return answer;
      },
    };
    return { exchanges, heard };
  }

  it('gives the caller what came, and the record nothing that is secret', async () => {
    const { exchanges, heard } = listen();
    expect(await askingThrough(exchanges, () => withRecord(live).get(request, read, signal))).toBe(echo);
    const [exchange] = heard;
    const answer = Buffer.from(exchange?.answer.body ?? []).toString('utf8');
    expect(answer).toBe(
      '{"asked": "https://api.example/works?search=roofs&api_key=********&mailto=**********", "by": "********", "with": "************"}',
    );
    const kept = JSON.stringify([exchange, answer]);
    for (const secret of ['k-123456', 'me@x.org', 'me%40x.org', 'other-secret']) expect(kept).not.toContain(secret);
    expect(exchange?.request.asked).toEqual({
      method: 'GET',
      url: 'https://api.example/works?search=roofs',
      types: ['application/json'],
    });
  });

  it('takes the answer of a record without a call', async () => {
    const about = { url: 'https://api.example/works', mediaType: 'application/json', charset: null };
    const { exchanges } = listen({ status: 200, about, body: body('{}') });
    const never: PoliteHttp = { get: () => Promise.reject(new AppError('INTERNAL', 'The network was asked.')) };
    expect(await askingThrough(exchanges, () => withRecord(never).get(request, read, signal))).toBe('{}');
  });

  it('asks as ever where nobody records', async () => {
    expect(await withRecord(live).get(request, read, signal)).toBe(echo);
  });
});
