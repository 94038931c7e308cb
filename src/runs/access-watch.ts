/**
 * Law 7: who may see a run is decided when a subscription starts and again while it is open. One query every
 * `CHECK_MS` for all open subscriptions together: is the credential still good, the person still a member with the roles
 * it had, the run's project still visible? A subscription that has lost its right is ended with a typed error:
 * UNAUTHENTICATED, FORBIDDEN or NOT_FOUND. While the database does not answer nothing is ended, and nothing is read either.
 */
import type { Actor } from '../platform/database/actor.js';
import type { Database } from '../platform/database/database.js';
import { runSql } from '../platform/database/sql.js';
import { AppError, notFound } from '../platform/errors.js';

const CHECK_MS = 1_000; // 1 second: a revoked key sees nothing two seconds later

interface Watched {
  actor: Actor;
  runId: string | null;
  stop: AbortController;
}

type Loss = 'CREDENTIAL' | 'ROLES' | 'RUN';

export class AccessWatch {
  readonly #database: Database;
  readonly #watched = new Set<Watched>();
  readonly #timer: NodeJS.Timeout;
  #checking = false;

  constructor(database: Database) {
    this.#database = database;
    this.#timer = setInterval(() => void this.#check(), CHECK_MS);
    this.#timer.unref();
  }

  /** Aborts `stop`, with the error as its reason, when the right is lost. Returns what ends the watch. */
  add(watched: Watched): () => void {
    this.#watched.add(watched);
    return () => this.#watched.delete(watched);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #check(): Promise<void> {
    const groups = this.#groups();
    if (this.#checking || groups.length === 0) return;
    this.#checking = true;
    const column = <T>(pick: (watched: Watched) => T) => groups.map(([first]) => pick(first as Watched));
    try {
      const lost = await runSql<{ place: string; loss: Loss }>(
        this.#database.nobody,
        'select place, loss from lost_access($1, $2, $3, $4, $5, $6)',
        [
          column(({ actor }) => actor.tenantId),
          column(({ actor }) => actor.userId),
          column(({ actor }) => actor.credentialId),
          column(({ actor }) => [...(actor.memberRoles ?? actor.roles)].sort().join(',')),
          column(({ actor }) => actor.roles.includes('OWNER')),
          column(({ runId }) => runId),
        ],
      );
      for (const { place, loss } of lost) {
        for (const { stop } of groups[Number(place) - 1] ?? []) stop.abort(accessLost(loss));
      }
    } catch {
      return; // the next second asks again
    } finally {
      this.#checking = false;
    }
  }

  /** Many tabs of one person on one run are one question. */
  #groups(): Watched[][] {
    const groups = new Map<string, Watched[]>();
    for (const watched of this.#watched) {
      const key = `${watched.actor.credentialId} ${watched.actor.roles.join()} ${watched.runId}`;
      const group = groups.get(key);
      if (group) group.push(watched);
      else groups.set(key, [watched]);
    }
    return [...groups.values()];
  }
}

function accessLost(loss: Loss): AppError {
  switch (loss) {
    case 'CREDENTIAL':
      return new AppError('UNAUTHENTICATED', 'Your session or API key was revoked or has expired; this was closed.', {
        hint: 'Sign in again, and go on from your last cursor.',
      });
    case 'ROLES':
      return new AppError('FORBIDDEN', 'Your roles have changed since this began; it was closed.', {
        hint: 'Connect again, and go on from your last cursor.',
      });
    case 'RUN':
      return notFound('Run');
    default:
      return loss satisfies never;
  }
}
