/**
 * Who sends a request or opens a socket. A credential that does not hold refuses the operations that need one, and only
 * those: `signIn` must work for a client that still sends its expired token.
 */
import { authenticate } from '../identity/sessions/authenticate.js';
import type { Database } from '../platform/database/database.js';
import type { RequestOrigin } from '../platform/database/origin.js';
import { isAppError } from '../platform/errors.js';
import type { Caller } from './operation-context.js';

/** Throws only when the database cannot be asked. */
export async function identifyCaller(
  database: Database,
  authorization: string | undefined,
  origin: RequestOrigin,
): Promise<Caller> {
  try {
    return { actor: await authenticate(database.nobody, authorization), refusal: null, origin };
  } catch (error) {
    if (isAppError(error) && error.code === 'UNAUTHENTICATED') return { actor: null, refusal: error, origin };
    throw error;
  }
}
