/**
 * Reads the live ends of runs, for all that were woken together: a hint names many runs, and what they have new is asked
 * for in one statement a tenant. A read that fails fails for all who shared it; each reads again at its next wake.
 */
import DataLoader from 'dataloader';
import type { Database } from '../../platform/database/database.js';
import { loadPreparedSql } from '../../platform/database/sql.js';
import { type EventRow, type EventSlice, toSlice } from './read-events.js';

const READ = loadPreparedSql(import.meta.url, './sql/read-tails.sql');
const MOST_AT_ONCE = 100; // runs a statement: each may answer as many events as `limit`
const REST = 3; // times as long as the read before took: a busy machine reads seldom and much, an idle one at once
const MAX_REST_MS = 40; // 0.04 seconds

/** The events after `after` and the head they were read with; null when the run is not there. */
export type ReadTail = (runId: string, after: number) => Promise<EventSlice | null>;

interface Asked {
  runId: string;
  after: number;
}

export class TailReader {
  readonly #database: Database;
  readonly #limit: number; // events a run and read
  readonly #onLag: (ms: number) => void;
  readonly #tenants = new Map<string, DataLoader<Asked, EventSlice | null>>();
  #restsUntil = 0; // performance.now()

  /** `onLag` is told how old the newest event of each read is, by this machine's clock against the database's. */
  constructor(database: Database, limit: number, onLag: (ms: number) => void) {
    this.#database = database;
    this.#limit = limit;
    this.#onLag = onLag;
  }

  /** The reader of one tenant's runs. */
  of(tenantId: string): ReadTail {
    return (runId, after) => this.#loaderOf(tenantId).load({ runId, after });
  }

  #loaderOf(tenantId: string): DataLoader<Asked, EventSlice | null> {
    const known = this.#tenants.get(tenantId);
    if (known) return known;
    const loader = new DataLoader((asked: readonly Asked[]) => this.#read(tenantId, asked), {
      cache: false,
      maxBatchSize: MOST_AT_ONCE,
      batchScheduleFn: (read) => {
        const waitMs = this.#restsUntil - performance.now();
        if (waitMs > 0) setTimeout(read, waitMs);
        else setImmediate(read);
      },
    });
    this.#tenants.set(tenantId, loader);
    return loader;
  }

  async #read(tenantId: string, asked: readonly Asked[]): Promise<(EventSlice | null)[]> {
    const params = [asked.map(({ runId }) => runId), asked.map(({ after }) => after), this.#limit];
    const began = performance.now();
    const rows = await this.#database.eachInTenant(tenantId).query<EventRow & { place: number }>(READ, params);
    const ended = performance.now();
    this.#restsUntil = ended + Math.min(MAX_REST_MS, REST * (ended - began));
    const slices: (EventSlice | null)[] = asked.map(() => null);
    for (const row of rows) {
      const slice = toSlice(row);
      const newest = slice.events.at(-1);
      if (newest) this.#onLag(Math.max(0, Date.now() - newest.at.getTime()));
      slices[row.place - 1] = slice;
    }
    return slices;
  }
}
