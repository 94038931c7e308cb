/**
 * Tells other processes that rows have changed: a hint, sent after commit, coalesced over a few milliseconds and never
 * one per row (at 16 writers a NOTIFY in every transaction halves the append rate). A hint that is lost costs a reader at
 * most its next poll, so a failure to send is logged and forgotten.
 */
import type { Database } from '../database/database.js';
import { runSql } from '../database/sql.js';

const COALESCE_MS = 20; // 0.02 seconds between two sendings; the first after a pause goes at once
const MAX_PAYLOAD_BYTES = 7_900; // Postgres refuses 8,000 and more
const UUID_BYTES = 37; // 36 characters and a comma

export interface Notifier {
  /** Call after the transaction that changed the rows of `id` has committed. */
  touch(id: string): void;
  /** Sends what is pending, at shutdown. */
  flush(): Promise<void>;
}

export function createNotifier(database: Database, channel: string, onError: (error: unknown) => void): Notifier {
  const pending = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let lastSent = 0; // performance.now() of the last sending

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const ids = [...pending];
    pending.clear();
    lastSent = performance.now();
    const perMessage = Math.floor(MAX_PAYLOAD_BYTES / UUID_BYTES);
    for (let at = 0; at < ids.length; at += perMessage) {
      const payload = ids.slice(at, at + perMessage).join(',');
      await runSql(database.nobody, 'select pg_notify($1, $2)', [channel, payload]);
    }
  }

  return {
    touch(id) {
      pending.add(id);
      const waitMs = Math.max(0, lastSent + COALESCE_MS - performance.now());
      timer ??= setTimeout(() => void flush().catch(onError), waitMs);
    },
    flush,
  };
}

/** For tests of what happens when no hint ever arrives, and for tools that only write. */
export const silentNotifier: Notifier = { touch: () => undefined, flush: async () => undefined };
