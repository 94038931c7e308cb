/**
 * What every resolver receives as its context. Made per operation by src/api; a subscription's is renewed for each
 * event it sends. `em` carries the caller's tenant: inside a query it is one read-only transaction, in a mutation use
 * cases open their own with `em.transactional`.
 */

import type { Logger } from 'pino';
import type { Actor } from '../database/actor.js';
import type { Database, Em } from '../database/database.js';
import type { RequestOrigin } from '../database/origin.js';
import type { AppError } from '../errors.js';
import type { LoaderRegistry } from './loader-registry.js';

/**
 * Long-lived things the composition root passes to resolvers. A slice adds its own beside its resolver:
 * `declare module '../platform/graphql/api-context.js' { interface Services { blobs: BlobStore } }`.
 */
export interface Services {
  database: Database;
  log: Logger;
}

export interface ApiContext {
  em: Em;
  /** Null when the request carried no credential, or one that does not hold. */
  actor: Actor | null;
  /** Why the credential that came with the request was refused; `actor` is then null. */
  refusal: AppError | null;
  clock: () => Date;
  loaders: LoaderRegistry;
  services: Services;
  /** Where the request came from, for throttling. */
  ip: string;
  /** The same with more facts, for the audit log: `em` carries it already. */
  origin: RequestOrigin;
  /**
   * For what a query must leave behind: once nothing is read any more, and before the answer is sent, `write` is called
   * with all the items it was named with, in a transaction of its own. If that fails, so does the operation.
   */
  writeBeforeAnswer<T>(write: (em: Em, items: readonly T[]) => Promise<void>, item: T): void;
  /** Goes on as `actor` for the rest of the operation: what `signIn` answers is read with the new session's eyes. */
  enter(actor: Actor): void;
}

/** A context with somebody in it: `signedIn` of src/identity/authorize.ts makes it. */
export type ActorContext = ApiContext & { actor: Actor };
