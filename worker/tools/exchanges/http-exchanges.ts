/**
 * The polite way of asking, with a record. One exchange is one GET as its caller sees it: the answer it could read, from the
 * service or from the cache, or the failure after the last try. What was tried in between took time and changed nothing.
 *
 * Headers are never recorded, neither those sent nor those received. Should a body repeat a secret that was sent, it is
 * blotted out in the record.
 */
import type { PoliteHttp, PoliteRequest } from '../connectors/polite-http.js';
import type { CachedAnswer } from '../connectors/response-cache.js';
import { currentExchanges, type ExchangeAnswer, type ExchangeRequest } from './exchanges.js';
import { publicUrl, secretsIn } from './public-url.js';

const MIN_SECRET_CHARS = 4; // shorter ones are in every text

export const withRecord = (http: PoliteHttp): PoliteHttp => ({
  async get<T>(request: PoliteRequest, read: (answer: CachedAnswer) => T, signal: AbortSignal): Promise<T> {
    const exchanges = currentExchanges();
    if (!exchanges) return http.get(request, read, signal);
    const live: { value: T }[] = []; // stays empty when the record answers
    const answer = await exchanges.ask(requestOf(request), async () => {
      const { value, got } = await http.get(request, (each) => ({ value: read(each), got: each }), signal);
      live.push({ value });
      return toAnswer(got, request);
    });
    const [first] = live;
    return first ? first.value : read(fromAnswer(answer));
  },
});

const requestOf = ({ url, types }: PoliteRequest): ExchangeRequest => ({
  kind: 'HTTP',
  asked: { method: 'GET', url: publicUrl(url), types },
  summary: { method: 'GET', url: publicUrl(url) },
});

function toAnswer({ url, mediaType, charset, bytes }: CachedAnswer, request: PoliteRequest): ExchangeAnswer {
  const secrets = [...Object.values(request.headers ?? {}), ...secretsIn(request.url)];
  return { status: 200, about: { url: publicUrl(url), mediaType, charset }, body: blotOut(bytes, secrets) };
}

function fromAnswer({ about, body }: ExchangeAnswer): CachedAnswer {
  const { url, mediaType, charset } = about as Pick<CachedAnswer, 'url' | 'mediaType' | 'charset'>;
  return { url, mediaType, charset, bytes: Buffer.from(body) };
}

/** The body with each of the secrets overwritten, as it is, in an address or in JSON. */
function blotOut(body: Buffer, secrets: readonly string[]): Buffer {
  const forms = secrets.flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]);
  const present = forms.filter((form) => form.length >= MIN_SECRET_CHARS && body.includes(form));
  if (present.length === 0) return body;
  const blotted = Buffer.from(body);
  for (const form of present)
    for (let at = blotted.indexOf(form); at >= 0; at = blotted.indexOf(form, at))
      blotted.fill('*', at, at + Buffer.byteLength(form));
  return blotted;
}
