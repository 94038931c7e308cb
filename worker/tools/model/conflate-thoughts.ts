/**
 * What a model thinks aloud comes in pieces of a word; a timeline takes lines. The pieces are put together and let out
 * once a second at most, and only so many a call.
 */
const EVERY_MS = 1_000; // 1 second
const MAX_CHARS = 1_000; // of one event; what came before its end is left out
const MAX_EVENTS = 40; // of one call

export interface Thoughts {
  add(text: string): void;
  /** Lets out what is left. */
  end(): void;
}

export function conflateThoughts(emit: (text: string) => void, now: () => number): Thoughts {
  let pending = '';
  let emitted = 0;
  let last = now();
  const flush = () => {
    const text = pending.trim();
    pending = '';
    last = now();
    if (text === '' || emitted >= MAX_EVENTS) return;
    emitted += 1;
    emit(text.length > MAX_CHARS ? `…${text.slice(1 - MAX_CHARS)}` : text);
  };
  return {
    add(text) {
      pending = (pending + text).slice(-2 * MAX_CHARS);
      if (now() - last >= EVERY_MS) flush();
    },
    end: flush,
  };
}
