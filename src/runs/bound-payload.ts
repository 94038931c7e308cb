/**
 * What an event may carry. A reader holds batches of hundreds of events, and a process holds them for each run it
 * follows, so the size of one is bounded where it is written: long text is cut, and of a payload that is still too large
 * only its small fields stay, with `truncated: true`. What is longer belongs in an artifact.
 */
const MAX_TEXT_CHARS = 2_000;
const MAX_PAYLOAD_CHARS = 16_000; // of its JSON
const MAX_FIELD_CHARS = 1_000; // of those that stay when the whole is too large

export function boundPayload(payload: object): object {
  const cut = cutText(payload) as object;
  if (sizeOf(cut) <= MAX_PAYLOAD_CHARS) return cut;
  const small = Object.fromEntries(Object.entries(cut).filter(([, value]) => sizeOf(value) <= MAX_FIELD_CHARS));
  return { ...(sizeOf(small) <= MAX_PAYLOAD_CHARS ? small : {}), truncated: true };
}

export const boundText = (text: string): string =>
  text.length <= MAX_TEXT_CHARS ? text : `${text.slice(0, MAX_TEXT_CHARS - 1)}…`;

function cutText(value: unknown): unknown {
  if (typeof value === 'string') return boundText(value);
  if (Array.isArray(value)) return value.map(cutText);
  if (value && typeof value === 'object' && !(value instanceof Date)) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, cutText(inner)]));
  }
  return value;
}

const sizeOf = (value: unknown): number => JSON.stringify(value)?.length ?? 0;
