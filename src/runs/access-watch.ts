/**
 * Law 7: who may see a run is decided when a subscription starts and again while it is open. One query every
 * `CHECK_MS` for all open subscriptions together: is the credential still good, the person still a member with the roles
 * it had, the run's project still visible? A subscription that has lost its right is ended with a typed error.
 */
import type { Actor } from '../platform/database/actor.js';
import type { Database } from '../platform/database/database.js';
import { runSql } from '../platform/database/sql.js';
import { AppError } from '../platform/errors.js';

const CHECK_MS = 1_000; // 1 second: a revoked key sees nothing two seconds later

interface Watched {
  actor: Actor;
  runId: string | null;
  stop: AbortController;
}

export class AccessWatch {
  readonly #database: Database;
  readonly #watched = new Set<Watched>();
  readonly #timer: NodeJS.Timeout;

  constructor(database: Database) {
    this.#database = database;
    this.#timer = setInterval(() => void this.check(), CHECK_MS);
    this.#timer.unref();
  }

  add(watched: Watched): () => void {
    this.#watched.add(watched);
    return () => this.#watched.delete(watched);
  }

  async check(): Promise<void> {
    const groups = this.#groups();
    if (groups.length === 0) return;
    const column = <T>(pick: (watched: Watched) => T) => groups.map(([first]) => pick(first as Watched));
    try {
      const lost = await runSql<{ place: string }>(
        this.#database.asNobody(),
        'select place from lost_access($1, $2, $3, $4, $5)',
        [
          column(({ actor }) => actor.tenantId),
          column(({ actor }) => actor.userId),
          column(({ actor }) => actor.credentialId),
          column(({ actor }) => [...actor.roles].sort().join(',')),
          column(({ runId }) => runId),
        ],
      );
      for (const { place } of lost) for (const { stop } of groups[Number(place) - 1] ?? []) stop.abort(accessLost());
    } catch {
      return; // the next second asks again; what is read meanwhile still passes row security
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Many tabs of one person on one run are one question. */
  #groups(): Watched[][] {
    const groups = new Map<string, Watched[]>();
    for (const watched of this.#watched) {
      const key = `${watched.actor.credentialId} ${watched.actor.roles.join()} ${watched.runId}`;
      groups.set(key, [...(groups.get(key) ?? []), watched]);
    }
    return [...groups.values()];
  }
}

const accessLost = () =>
  new AppError('UNAUTHENTICATED', 'Your access has changed since this subscription began; it was closed.', {
    hint: 'Sign in again, and subscribe from your last cursor.',
  });
