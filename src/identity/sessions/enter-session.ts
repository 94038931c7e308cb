/**
 * What every mutation that opens a session answers (register, signIn, refreshSession and the like): the rest of the answer
 * is read as the person who has just signed in.
 */
import type { Actor } from '../../platform/database/actor.js';
import type { ApiContext } from '../../platform/graphql/api-context.js';
import type { OpenedSession } from './session.js';

/** The value of GraphQL's SignedIn. */
export function enterSession(ctx: ApiContext, session: OpenedSession): OpenedSession & { viewer: Actor } {
  ctx.enter(session.actor);
  return { ...session, viewer: session.actor };
}
