/**
 * The context of one operation. It begins its read-only transaction when the first query field is resolved and ends it
 * with the answer, so an operation that reads nothing takes no connection and none takes two. REPEATABLE READ: all of an
 * answer is of one moment. A mutation's use cases open their own transactions and commit before the answer is read.
 */
import { IsolationLevel } from '@mikro-orm/postgresql';
import type { RefreshCookie } from '../../identity/sessions/refresh-cookie.js';
import type { Actor } from '../../platform/database/actor.js';
import type { Em } from '../../platform/database/database.js';
import type { RequestOrigin } from '../../platform/database/origin.js';
import type { AppError } from '../../platform/errors.js';
import type { ApiContext, Services } from '../../platform/graphql/api-context.js';
import { LoaderRegistry } from '../../platform/graphql/loader-registry.js';

/** `extensions.cost` of an answer, in values. */
export interface OperationCost {
  requested: number;
  /** Of one operation. */
  limit: number;
  /** Of the scarcest budget of the caller; absent where none is limited. */
  remaining?: number;
}

export interface Caller {
  actor: Actor | null;
  refusal: AppError | null;
  /** When the credential ends by itself. Absent or null: when it is revoked. */
  validUntil?: Date | null;
  origin: RequestOrigin;
}

type Write = (em: Em, items: readonly unknown[]) => Promise<void>;
type ToWrite = Map<Write, unknown[]>;

export class OperationContext implements ApiContext {
  em: Em;
  actor: Actor | null;
  readonly refusal: AppError | null;
  readonly ip: string;
  readonly origin: RequestOrigin;
  /** Once it is charged. */
  cost: OperationCost | undefined;
  readonly loaders = new LoaderRegistry();
  readonly services: Services;
  readonly refreshCookie: RefreshCookie | null;
  /** Not `#reading`: Apollo gives resolvers a shallow copy of the context, which has no private fields. */
  private reading: Promise<void> | undefined;
  private readonly toWrite: ToWrite = new Map();

  constructor(services: Services, caller: Caller, refreshCookie: RefreshCookie | null = null) {
    this.services = services;
    this.refreshCookie = refreshCookie;
    this.actor = caller.actor;
    this.refusal = caller.refusal;
    this.origin = caller.origin;
    this.ip = caller.origin.ip;
    this.em = this.freshEm();
  }

  readonly clock = (): Date => new Date();

  enter(actor: Actor): void {
    this.actor = actor;
    this.renew();
  }

  /** Forgets what was read: after a write, and before each event of a subscription. */
  renew(): void {
    this.em = this.freshEm();
    this.loaders.clear();
  }

  /** Begins the read-only transaction, once; all who ask wait for the same. */
  read(): Promise<void> {
    this.reading ??= this.em.begin({ readOnly: true, isolationLevel: IsolationLevel.REPEATABLE_READ });
    return this.reading;
  }

  /** Ends it, if it was begun, and gives the connection back. Never throws: the answer is made already. */
  async endReading(): Promise<void> {
    const reading = this.reading;
    this.reading = undefined;
    if (!reading) return;
    const em = this.em;
    await reading
      .then(() => em.rollback())
      .catch((error: unknown) => this.services.log.debug({ err: error }, 'read ended'));
  }

  writeBeforeAnswer<T>(write: (em: Em, items: readonly T[]) => Promise<void>, item: T): void {
    const items = this.toWrite.get(write as Write);
    if (items) items.push(item);
    else this.toWrite.set(write as Write, [item]);
  }

  /** Ends the reading and writes what is to be written before the answer; throws when that cannot be. */
  async finish(): Promise<void> {
    await this.endReading();
    if (this.toWrite.size === 0) return;
    const writes = [...this.toWrite];
    this.toWrite.clear();
    await this.freshEm().transactional(async (em) => {
      for (const [write, items] of writes) await write(em as Em, items);
    });
  }

  private freshEm(): Em {
    const { database } = this.services;
    return this.actor ? database.asActor(this.actor, this.origin) : database.asNobody(this.origin);
  }
}
