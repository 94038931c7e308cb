import { type FastifyInstance, fastify } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BlobStore } from '../../platform/blobs/blob-store.js';
import { AppError, isAppError } from '../../platform/errors.js';
import { newId } from '../../platform/ids.js';
import { registerPageImages } from './page-image-route.js';
import { createPageImageUrls, MAX_MARKED_BOXES, type PageImage } from './page-image-urls.js';
import type { RenderOptions } from './render-page.js';

const ORIGIN = 'http://paperwright.test';
const HOUR_MS = 60 * 60 * 1000;
const PNG = Buffer.from('\x89PNG', 'latin1');
const image: PageImage = {
  tenantId: newId(),
  sha256: 'a'.repeat(64),
  page: 7,
  boxes: [{ x: 72.04, y: 100, width: 400.26, height: 12 }],
  widthPx: 600,
};

let now = new Date('2026-01-01T10:20:00Z');
let app: FastifyInstance;
let rendered: Omit<RenderOptions, 'signal'>[] = [];
let read: string[] = [];
let answer: () => Promise<Buffer> = async () => PNG;

const urlsOf = (secret: number) =>
  createPageImageUrls({ secret: Buffer.alloc(32, secret), publicUrl: () => ORIGIN, clock: () => now });
const urls = urlsOf(1);

beforeAll(async () => {
  app = fastify();
  registerPageImages(app, {
    urls,
    maxWaiting: 2,
    blobs: {
      read: async (key: string) => {
        read.push(key);
        return Buffer.from('%PDF-');
      },
    } as unknown as BlobStore,
    render: (_bytes, { signal: _signal, ...options }) => {
      rendered.push(options);
      return answer();
    },
    sendError: (reply, error) =>
      reply
        .code(isAppError(error) && error.retryable ? 503 : 400)
        .send({ code: isAppError(error) ? error.code : 'INTERNAL' }),
  });
  await app.ready();
});
afterAll(() => app.close());
beforeEach(() => {
  now = new Date('2026-01-01T10:20:00Z');
  rendered = [];
  read = [];
  answer = async () => PNG;
});

const get = (url: string, headers: Record<string, string> = {}) =>
  app.inject({ url: url.slice(ORIGIN.length), headers });

describe('the picture of a page', () => {
  it('is drawn as its address says, and may be kept until that expires', async () => {
    const response = await get(urls.sign(image));
    expect([response.statusCode, response.headers['content-type']]).toEqual([200, 'image/png']);
    expect(response.rawPayload.equals(PNG)).toBe(true);
    expect(response.headers['cache-control']).toBe('private, max-age=6000, immutable'); // until 12:00
    expect(response.headers['x-content-type-options']).toBe('nosniff');
    expect(read).toEqual([`${image.tenantId}/${image.sha256}`]);
    expect(rendered).toEqual([{ ...image, boxes: [{ x: 72, y: 100, width: 400.3, height: 12 }] }]);
  });

  it('has the same address for a while, so that browsers find it again, and is not drawn for those who have it', async () => {
    const url = urls.sign(image);
    now = new Date(now.getTime() + HOUR_MS / 2);
    expect(urls.sign(image)).toBe(url);
    const { headers } = await get(url);
    const again = await get(url, { 'if-none-match': String(headers.etag) });
    expect([again.statusCode, rendered.length]).toEqual([304, 1]);
  });

  it('is refused when anything of its address was changed, or made elsewhere, or has expired', async () => {
    const url = urls.sign(image);
    const changed = [
      url.replace('/7.png', '/8.png'),
      url.replace('width=600', 'width=3600'),
      url.replace('72%2C', '0%2C'),
      url.replace(image.sha256, 'b'.repeat(64)),
      url.replace(image.tenantId, newId()),
      url.replace(/signature=[^&]*/, 'signature='),
      `${url}&page=9`,
      `${url}&width=600`,
      urlsOf(2).sign(image),
    ];
    for (const wrong of changed) expect([wrong, (await get(wrong)).json().code]).toEqual([wrong, 'URL_REFUSED']);
    now = new Date(now.getTime() + 2 * HOUR_MS);
    expect((await get(url)).json()).toEqual({ code: 'URL_REFUSED' });
    expect([read, rendered]).toEqual([[], []]);
  });

  it('is not waited for by more than a few', async () => {
    let finish: (png: Buffer) => void = () => undefined;
    const drawn = new Promise<Buffer>((resolve) => {
      finish = resolve;
    });
    answer = () => drawn;
    const waiting = [get(urls.sign(image)), get(urls.sign({ ...image, page: 8 }))];
    await expect.poll(() => rendered.length).toBe(2);
    const refused = await get(urls.sign({ ...image, page: 9 }));
    expect([refused.statusCode, refused.headers['retry-after'], refused.json()]).toEqual([
      503,
      '3',
      { code: 'UNAVAILABLE' },
    ]);
    finish(PNG);
    expect((await Promise.all(waiting)).map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    expect((await get(urls.sign({ ...image, page: 9 }))).statusCode).toBe(200);
  });

  it('that cannot be drawn is answered with the reason, and not kept', async () => {
    answer = async () => {
      throw new AppError('UNREADABLE_DOCUMENT', 'The page cannot be drawn.');
    };
    const response = await get(urls.sign(image));
    expect([response.json(), response.headers['cache-control']]).toEqual([{ code: 'UNREADABLE_DOCUMENT' }, undefined]);
  });

  it('is not promised with boxes or a width that cannot be', () => {
    const box = { x: 0, y: 0, width: 1, height: 1 };
    const wrong: Partial<PageImage>[] = [
      { widthPx: 63 },
      { widthPx: 3_601 },
      { widthPx: 600.5 },
      { boxes: Array(MAX_MARKED_BOXES + 1).fill(box) },
      { boxes: [{ ...box, x: -1 }] },
      { boxes: [{ ...box, width: Number.POSITIVE_INFINITY }] },
      { boxes: [{ ...box, height: Number.NaN }] },
    ];
    for (const part of wrong)
      expect(() => urls.sign({ ...image, ...part })).toThrow(/`width` is|boxes are too|A box has/);
    expect(
      urls.sign({
        ...image,
        boxes: Array(MAX_MARKED_BOXES).fill({ x: 1234.5, y: 1234.5, width: 1234.5, height: 1234.5 }),
      }).length,
    ).toBeLessThan(8_000);
  });
});
