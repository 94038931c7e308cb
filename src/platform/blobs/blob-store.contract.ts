/**
 * What every driver of the BlobStore port must do. A driver's own test file calls this with a way to open a store on real
 * storage, and with the two things the port does not offer: to damage an object behind its back, and to take the storage
 * away.
 */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../ids.js';
import { contentKey, sha256Of, uploadKey } from './blob-key.js';
import { type BlobEntry, type BlobStore, MAX_URL_SECONDS, putContent } from './blob-store.js';

export interface StoreUnderTest {
  store: BlobStore;
  /** Overwrites the object's bytes without the store knowing. */
  damage(key: string, bytes: Uint8Array): Promise<void>;
  /** Takes the storage away; calls must fail until `restore`. */
  breakStorage(): Promise<void>;
  restore(): Promise<void>;
  close(): Promise<void>;
}

const MEBIBYTE = 1024 * 1024;
const HOSTILE_KEYS = [
  '',
  '/',
  '/etc/passwd',
  '../secret',
  `${newId()}/../../secret`,
  `${newId()}/..%2f..%2fsecret`,
  `${newId()}/${'a'.repeat(63)}`,
  `${newId()}/${'a'.repeat(64)}\0.txt`,
  `${newId()}/${'A'.repeat(64)}`,
  `${newId()}/${'a'.repeat(64)}/`,
  `uploads/${newId()}/..`,
  `uploads/${newId()}/${newId()}\n`,
  `.tmp/${newId()}`,
];

export function describeBlobStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`the ${name} blob store`, () => {
    let subject: StoreUnderTest;
    let store: BlobStore;
    beforeAll(async () => {
      subject = await open();
      store = subject.store;
    });
    afterAll(() => subject?.close());

    const freshContent = (bytes = 1000) => {
      const content = randomBytes(bytes);
      const sha256 = sha256Of(content);
      return { content, sha256, key: contentKey(newId(), sha256) };
    };
    const collect = async (prefix: string) => {
      const entries: BlobEntry[] = [];
      for await (const entry of store.list(prefix)) entries.push(entry);
      return entries;
    };

    describe('stores and gives back', () => {
      it('returns hash and size, and the same bytes by read and by stream', async () => {
        const { content, sha256, key } = freshContent(3 * MEBIBYTE + 17);
        expect(await store.put(key, content)).toEqual({ sha256, bytes: content.byteLength });
        expect((await store.read(key, 4 * MEBIBYTE)).equals(content)).toBe(true);
        expect((await buffer(await store.get(key))).equals(content)).toBe(true);
      });

      it('takes a stream of many chunks, and an object of no bytes', async () => {
        const { content, sha256, key } = freshContent(MEBIBYTE);
        const chunks = Array.from({ length: 16 }, (_, i) => content.subarray(i * 65_536, (i + 1) * 65_536));
        expect(await store.put(key, Readable.from(chunks))).toEqual({ sha256, bytes: MEBIBYTE });
        expect(await store.read(key, MEBIBYTE)).toEqual(content);

        const none = await putContent(store, newId(), '');
        expect(none).toEqual({ sha256: sha256Of(''), bytes: 0 });
      });

      it('tells size and time of an object, and undefined where there is none', async () => {
        const { content, key } = freshContent();
        expect(await store.stat(key)).toBeUndefined();
        await store.put(key, content);
        const found = await store.stat(key);
        expect(found?.bytes).toBe(1000);
        expect(found?.modifiedAt).toBeInstanceOf(Date);
      });

      it('keeps one object however often and however much at once the same content is stored', async () => {
        const { content, sha256 } = freshContent();
        const tenantId = newId();
        const results = await Promise.all(Array.from({ length: 12 }, () => putContent(store, tenantId, content)));
        expect(results).toEqual(Array.from({ length: 12 }, () => ({ sha256, bytes: 1000 })));
        expect(await collect(`${tenantId}/`)).toMatchObject([{ key: contentKey(tenantId, sha256), bytes: 1000 }]);
      });

      it('keeps the same content of two tenants apart', async () => {
        const [one, two] = [newId(), newId()];
        const { sha256 } = await putContent(store, one, 'shared sentence');
        await putContent(store, two, 'shared sentence');
        await store.delete(contentKey(one, sha256));
        expect(await store.stat(contentKey(one, sha256))).toBeUndefined();
        expect((await store.read(contentKey(two, sha256), 100)).toString()).toBe('shared sentence');
      });

      it('takes any bytes under an upload key, and replaces them when they are sent again', async () => {
        const key = uploadKey(newId(), newId());
        await store.put(key, Buffer.from('first'));
        expect(await store.put(key, Buffer.from('second try'))).toEqual({ sha256: sha256Of('second try'), bytes: 10 });
        expect((await store.read(key, 100)).toString()).toBe('second try');
      });

      it('deletes, and does not mind deleting twice', async () => {
        const { content, key } = freshContent();
        await store.put(key, content);
        await store.delete(key);
        await store.delete(key);
        await expect(store.read(key, 1000)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      });

      it('lists exactly the objects under a prefix, with size and time', async () => {
        const [tenantId, other] = [newId(), newId()];
        const blob = await putContent(store, tenantId, 'listed');
        await putContent(store, other, 'not listed');
        const upload = uploadKey(tenantId, newId());
        await store.put(upload, Buffer.from('waiting'));

        const content = await collect(`${tenantId}/`);
        expect(content).toMatchObject([{ key: contentKey(tenantId, blob.sha256), bytes: 6 }]);
        expect(content[0]?.modifiedAt).toBeInstanceOf(Date);
        expect(await collect(`uploads/${tenantId}/`)).toMatchObject([{ key: upload, bytes: 7 }]);
        expect(await collect(`${newId()}/`)).toEqual([]);
        const everything = (await collect('')).map((entry) => entry.key);
        expect(everything).toEqual(expect.arrayContaining([contentKey(tenantId, blob.sha256), upload]));
      });
    });

    describe('refuses', () => {
      it.each(HOSTILE_KEYS)('the key %j in every operation, as URL_REFUSED', async (key) => {
        const refused = { code: 'URL_REFUSED' };
        await expect(store.put(key, Buffer.from('x'))).rejects.toMatchObject(refused);
        await expect(store.get(key)).rejects.toMatchObject(refused);
        await expect(store.read(key, 10)).rejects.toMatchObject(refused);
        await expect(store.stat(key)).rejects.toMatchObject(refused);
        await expect(store.delete(key)).rejects.toMatchObject(refused);
        await expect(
          store.signedGetUrl(key, { expiresInSeconds: 60, fileName: 'x', mediaType: 'text/plain' }),
        ).rejects.toMatchObject(refused);
      });

      it('content that does not have the hash of its key, and stores nothing', async () => {
        const { key } = freshContent();
        for (const body of [Buffer.from('something else'), Readable.from([Buffer.from('something else')])]) {
          await expect(store.put(key, body)).rejects.toMatchObject({ code: 'HASH_MISMATCH' });
        }
        expect(await store.stat(key)).toBeUndefined();
      });

      it('a body larger than allowed, and stores nothing', async () => {
        const key = uploadKey(newId(), newId());
        const refused = { code: 'QUOTA_EXCEEDED', details: { limitBytes: 1000 } };
        await expect(store.put(key, randomBytes(1001), { maxBytes: 1000 })).rejects.toMatchObject(refused);
        const endless = Readable.from(
          (function* () {
            for (;;) yield randomBytes(300);
          })(),
        );
        await expect(store.put(key, endless, { maxBytes: 1000 })).rejects.toMatchObject(refused);
        expect(await store.stat(key)).toBeUndefined();
      });

      it('to read more than the caller allows', async () => {
        const { content, key } = freshContent();
        await store.put(key, content);
        await expect(store.read(key, 999)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
      });

      it('to sign a URL that lives no time, too long, or lets content be overwritten', async () => {
        const { key } = freshContent();
        for (const expiresInSeconds of [0, -1, 1.5, Number.NaN, MAX_URL_SECONDS + 1]) {
          const asked = store.signedGetUrl(key, { expiresInSeconds, fileName: 'x', mediaType: 'text/plain' });
          await expect(asked).rejects.toMatchObject({ code: 'BAD_INPUT' });
        }
        const grant = { expiresInSeconds: 60, maxBytes: 10, mediaType: 'text/plain' };
        await expect(store.signedPutUrl(key, grant)).rejects.toMatchObject({ code: 'URL_REFUSED' });
      });
    });

    describe('notices damage', () => {
      const damages: Array<[string, (content: Buffer) => Buffer]> = [
        [
          'a flipped bit',
          (content) => Buffer.concat([content.subarray(0, -1), Buffer.from([(content.at(-1) ?? 0) ^ 1])]),
        ],
        ['a lost tail', (content) => content.subarray(0, -1)],
        ['a lost everything', () => Buffer.alloc(0)],
        ['added bytes', (content) => Buffer.concat([content, Buffer.from('!')])],
      ];
      it.each(damages)(
        '%s is HASH_MISMATCH to a reader, and a stream never gives its last chunk',
        async (_what, spoil) => {
          const { content, key } = freshContent(MEBIBYTE);
          const spoiled = spoil(content);
          await store.put(key, content);
          await subject.damage(key, spoiled);

          await expect(store.read(key, 2 * MEBIBYTE)).rejects.toMatchObject({ code: 'HASH_MISMATCH' });
          let received = 0;
          const streamed = (async () => {
            for await (const chunk of (await store.get(key)) as AsyncIterable<Buffer>) received += chunk.byteLength;
          })();
          await expect(streamed).rejects.toMatchObject({ code: 'HASH_MISMATCH' });
          expect(received).toBeLessThan(Math.max(spoiled.byteLength, 1));
        },
      );

      it('and storing the content again heals it', async () => {
        const { content, key } = freshContent();
        await store.put(key, content);
        await subject.damage(key, Buffer.from('rot'));
        await store.put(key, content);
        expect(await store.read(key, 1000)).toEqual(content);
      });
    });

    describe('signed URLs', () => {
      const grant = { expiresInSeconds: 60, fileName: 'Résumé "final" ../№1.md', mediaType: 'text/markdown' };

      it('give the object as an attachment with its media type, without credentials', async () => {
        const { content, key } = freshContent();
        await store.put(key, content);
        const response = await fetch(await store.signedGetUrl(key, grant));
        expect(response.status).toBe(200);
        expect(Buffer.from(await response.arrayBuffer())).toEqual(content);
        expect(response.headers.get('content-type')).toMatch(/^text\/markdown/);
        expect(response.headers.get('content-disposition')).toMatch(
          /^attachment; filename="R_sum_ _final_ .._.*1\.md"; filename\*=UTF-8''R%C3%A9sum%C3%A9%20%22final%22%20\.\._%E2%84%961\.md$/,
        );
      });

      it('take one upload by PUT', async () => {
        const key = uploadKey(newId(), newId());
        const url = await store.signedPutUrl(key, { expiresInSeconds: 60, maxBytes: 1000, mediaType: 'text/plain' });
        const response = await fetch(url, {
          method: 'PUT',
          body: 'uploaded text',
          headers: { 'content-type': 'text/plain' },
        });
        expect(response.status).toBe(200);
        expect((await store.read(key, 1000)).toString()).toBe('uploaded text');
      });

      it('are refused with 403 when altered, used for another object or another method', async () => {
        const mine = freshContent();
        const theirs = freshContent();
        await store.put(mine.key, mine.content);
        await store.put(theirs.key, theirs.content);
        const url = await store.signedGetUrl(mine.key, grant);
        const tampered = [
          url.replace(mine.key, theirs.key),
          url.replace(mine.sha256, theirs.sha256),
          url.replace(/.$/, (last) => (last === '0' || last === 'A' ? '8' : '0')),
          url.replace('text%2Fmarkdown', 'text%2Fhtml'),
          url.replace(/([?&][\w-]*signature=)[^&]*/i, '$1'),
          url.slice(0, url.indexOf('?')),
        ];
        for (const attempt of tampered) {
          expect(attempt).not.toBe(url);
          expect((await fetch(attempt)).status, attempt).toBe(403);
        }
        expect((await fetch(url, { method: 'PUT', body: 'overwritten' })).status).toBe(403);
        expect(await store.read(mine.key, 1000)).toEqual(mine.content);
      });
    });

    describe('stops when told', () => {
      it('before a call, with the reason of the signal', async () => {
        const { content, key } = freshContent();
        await store.put(key, content);
        const signal = AbortSignal.abort(new Error('the run was canceled'));
        const reason = 'the run was canceled';
        await expect(store.put(key, content, { signal })).rejects.toThrow(reason);
        await expect(store.get(key, { signal })).rejects.toThrow(reason);
        await expect(store.read(key, 1000, { signal })).rejects.toThrow(reason);
      });

      it('in the middle of a body that has gone quiet, leaving nothing behind', async () => {
        const key = uploadKey(newId(), newId());
        const quiet = new Readable({ read() {} });
        const abort = new AbortController();
        const put = store.put(key, quiet, { signal: abort.signal });
        quiet.push(randomBytes(100_000));
        await setImmediate();
        abort.abort(new Error('the run was canceled'));
        await expect(put).rejects.toThrow('the run was canceled');
        expect(quiet.destroyed).toBe(true);
        expect(await store.stat(key)).toBeUndefined();
      });

      it('in the middle of a download, with the reason of the signal', async () => {
        const { content, key } = freshContent(8 * MEBIBYTE);
        await store.put(key, content);
        const abort = new AbortController();
        const download = (async () => {
          for await (const _chunk of await store.get(key, { signal: abort.signal })) {
            abort.abort(new Error('the run was canceled'));
          }
        })();
        await expect(download).rejects.toThrow('the run was canceled');
      });

      it('and a body that fails on its own keeps its own error', async () => {
        const key = uploadKey(newId(), newId());
        const broken = new Readable({
          read() {
            this.destroy(new Error('the source hung up'));
          },
        });
        await expect(store.put(key, broken)).rejects.toThrow('the source hung up');
        expect(await store.stat(key)).toBeUndefined();
      });
    });

    it('is healthy', async () => {
      await expect(store.health()).resolves.toBeUndefined();
    });

    it('fails with a retryable UNAVAILABLE while its storage is away, and works on when it is back', async () => {
      const { content, key } = freshContent();
      const kept = freshContent();
      await store.put(kept.key, kept.content);
      await subject.breakStorage();
      try {
        const away = { code: 'UNAVAILABLE', retryable: true };
        await expect(store.put(key, content)).rejects.toMatchObject(away);
        await expect(store.put(key, Readable.from([content]))).rejects.toMatchObject(away);
        await expect(store.get(kept.key)).rejects.toMatchObject(away);
        await expect(store.read(kept.key, 1000)).rejects.toMatchObject(away);
        await expect(store.stat(kept.key)).rejects.toMatchObject(away);
        await expect(store.delete(kept.key)).rejects.toMatchObject(away);
        await expect(collect('')).rejects.toMatchObject(away);
        await expect(store.health()).rejects.toMatchObject(away);
      } finally {
        await subject.restore();
      }
      expect(await store.read(kept.key, 1000)).toEqual(kept.content);
      expect(await store.put(key, content)).toMatchObject({ bytes: 1000 });
    });
  });
}
