/**
 * Law 7: who may see a run is decided when a subscription starts and again while it is open. One query every
 * `CHECK_MS` for all open subscriptions together, and one for all that start in one turn of the event loop: is the
 * credential still good, the person still a member with the roles it had, the run's project visible to it? Who has no right
 * (any more) gets a typed error: UNAUTHENTICATED, FORBIDDEN or NOT_FOUND. While the database does not answer, no open one is
 * ended, nothing is read either, and none starts.
 */
import { askTogether } from '../../platform/ask-together.js';
import type { Actor } from '../../platform/database/actor.js';
import type { Database } from '../../platform/database/database.js';
import { prepared } from '../../platform/database/sql.js';
import { AppError, notFound } from '../../platform/errors.js';

const CHECK_MS = 1_000; // 1 second: a revoked key sees nothing two seconds later
const MOST_AT_ONCE = 1_000; // that start together; many tabs of one person on one run are one question
const READ = prepared('select place, loss from lost_access($1, $2, $3, $4, $5, $6)');

/** A person, by a credential, on a run; without one, anywhere. */
interface Viewing {
  actor: Actor;
  runId: string | null;
}

interface Watched extends Viewing {
  stop: AbortController;
}

type Loss = 'CREDENTIAL' | 'ROLES' | 'RUN';

export class AccessWatch {
  readonly #database: Database;
  readonly #watched = new Set<Watched>();
  readonly #timer: NodeJS.Timeout;
  readonly #lossAtStart: (viewing: Viewing) => Promise<Loss | null>;
  #checking = false;

  constructor(database: Database) {
    this.#database = database;
    this.#timer = setInterval(() => void this.#check(), CHECK_MS);
    this.#timer.unref();
    this.#lossAtStart = askTogether((asked) => this.#lossesOf(asked), MOST_AT_ONCE);
  }

  /** Resolves when the actor may see the run now, and else fails. */
  async require(viewing: Viewing): Promise<void> {
    const loss = await this.#lossAtStart(viewing);
    if (loss) throw accessLost(loss);
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
    if (this.#checking || this.#watched.size === 0) return;
    this.#checking = true;
    const watched = [...this.#watched];
    try {
      const losses = await this.#lossesOf(watched);
      for (const [place, loss] of losses.entries()) if (loss) watched[place]?.stop.abort(accessLost(loss));
    } catch {
      return; // the next second asks again
    } finally {
      this.#checking = false;
    }
  }

  /** What each has lost, in their order; null for nothing. */
  async #lossesOf(viewings: readonly Viewing[]): Promise<(Loss | null)[]> {
    const keys = viewings.map(keyOf);
    const questions = new Map(viewings.map((viewing, place) => [keys[place], viewing]));
    const column = <T>(pick: (viewing: Viewing) => T) => [...questions.values()].map(pick);
    const lost = await this.#database.nobody.query<{ place: string; loss: Loss }>(READ, [
      column(({ actor }) => actor.tenantId),
      column(({ actor }) => actor.userId),
      column(({ actor }) => actor.credentialId),
      column(({ actor }) => [...(actor.memberRoles ?? actor.roles)].sort().join(',')),
      column(({ actor }) => actor.roles.includes('OWNER')),
      column(({ runId }) => runId),
    ]);
    const asked = [...questions.keys()];
    const losses = new Map(lost.map(({ place, loss }) => [asked[Number(place) - 1], loss]));
    return keys.map((key) => losses.get(key) ?? null);
  }
}

const keyOf = ({ actor, runId }: Viewing): string =>
  [actor.credentialId, actor.roles.join(), actor.memberRoles?.join(), runId].join(' ');

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
