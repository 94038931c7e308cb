/**
 * Answers kept for a while, so that the same question is not asked of a service twice. Only answers that could be read are
 * kept. A cache may forget anything at any time, and never fails: what it cannot give is asked for again.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Clock } from './clock.js';

export interface CachedAnswer {
  url: string;
  mediaType: string;
  charset: string | null;
  bytes: Buffer;
}

export interface ResponseCache {
  /** Null when it has none that is younger. `key` may hold secrets; it is not kept. */
  get(key: string, maxAgeMs: number): Promise<CachedAnswer | null>;
  put(key: string, answer: CachedAnswer): Promise<void>;
}

export const noResponseCache: ResponseCache = {
  get: async () => null,
  put: async () => undefined,
};

/** In this process alone: the oldest are forgotten when there are more than `maxBytes` of bodies. */
export function createMemoryResponseCache(maxBytes: number, clock: Clock): ResponseCache {
  const kept = new Map<string, { answer: CachedAnswer; keptAt: number }>();
  let bytes = 0;
  const forget = (hash: string) => {
    bytes -= kept.get(hash)?.answer.bytes.length ?? 0;
    kept.delete(hash);
  };
  return {
    async get(key, maxAgeMs) {
      const entry = kept.get(hashOf(key));
      if (!entry) return null;
      if (clock.now() - entry.keptAt <= maxAgeMs) return entry.answer;
      forget(hashOf(key));
      return null;
    },
    async put(key, { url, mediaType, charset, bytes: body }) {
      if (body.length > maxBytes) return;
      forget(hashOf(key));
      kept.set(hashOf(key), { answer: { url, mediaType, charset, bytes: body }, keptAt: clock.now() });
      bytes += body.length;
      for (const hash of kept.keys()) {
        if (bytes <= maxBytes) break;
        forget(hash);
      }
    },
  };
}

const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');

const head = z.object({ url: z.string(), mediaType: z.string(), charset: z.string().nullable(), keptAt: z.number() });

/**
 * One file an answer in `dir`, which is made when needed: a line of JSON, then the body. Written aside and renamed, so a
 * reader sees all of it or nothing; processes may share the folder. What is too old is removed when it is asked for.
 */
export function createDiskResponseCache(dir: string, clock: Clock): ResponseCache {
  const fileOf = (key: string) => path.join(dir, hashOf(key));
  return {
    async get(key, maxAgeMs) {
      const entry = parseEntry(await readFile(fileOf(key)).catch(() => null));
      if (!entry) return null;
      const { keptAt, ...answer } = entry;
      if (clock.now() - keptAt <= maxAgeMs) return answer;
      await rm(fileOf(key), { force: true }).catch(() => undefined);
      return null;
    },
    async put(key, { bytes, ...facts }) {
      const draft = `${fileOf(key)}.${randomUUID()}`;
      const line = Buffer.from(`${JSON.stringify({ ...facts, keptAt: clock.now() })}\n`);
      try {
        await mkdir(dir, { recursive: true });
        await writeFile(draft, Buffer.concat([line, bytes]));
        await rename(draft, fileOf(key));
      } catch {
        await rm(draft, { force: true }).catch(() => undefined);
      }
    },
  };
}

function parseEntry(file: Buffer | null): (CachedAnswer & { keptAt: number }) | null {
  const end = file?.indexOf('\n') ?? -1;
  if (!file || end < 0) return null;
  try {
    const parsed = head.safeParse(JSON.parse(file.subarray(0, end).toString('utf8')));
    return parsed.success ? { ...parsed.data, bytes: file.subarray(end + 1) } : null;
  } catch {
    return null;
  }
}
