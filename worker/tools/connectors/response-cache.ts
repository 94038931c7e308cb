/**
 * Answers kept for a while, so that the same question is not asked of a service twice. Only answers that could be read are
 * kept. A cache may forget anything at any time, and never fails: what it cannot give is asked for again.
 */
import { createHash } from 'node:crypto';
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
