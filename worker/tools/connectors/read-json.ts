/** JSON of a service, checked for the parts that are used. */
import type { z } from 'zod';
import { brokenAnswer } from './fetch-failures.js';
import type { CachedAnswer } from './response-cache.js';

/** Errors: UNAVAILABLE, retryable, for what is no JSON, was cut short, or has another shape. */
export function readJson<T>(answer: CachedAnswer, shape: z.ZodType<T>, what: string): T {
  const host = new URL(answer.url).hostname;
  let json: unknown;
  try {
    json = JSON.parse(answer.bytes.toString('utf8'));
  } catch (error) {
    throw brokenAnswer(host, 'JSON that is damaged or cut short', error);
  }
  const parsed = shape.safeParse(json);
  if (!parsed.success) throw brokenAnswer(host, `an answer that is no ${what}`, parsed.error);
  return parsed.data;
}
