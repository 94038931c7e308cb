/**
 * What every mutation that opens or renews a session answers (register, signIn, refreshSession and the like): the refresh
 * token in the answer, or in a cookie for a page that asked for one; the rest is read as the person who has signed in.
 */
import type { Actor } from '../../platform/database/actor.js';
import type { ApiContext } from '../../platform/graphql/api-context.js';
import type { OpenedSession } from './session.js';

/** The value of GraphQL's SignedIn. */
export function enterSession(ctx: ApiContext, session: OpenedSession): OpenedSession & { viewer: Actor } {
  ctx.enter(session.actor);
  const { refreshCookie } = ctx;
  if (!refreshCookie?.wanted || session.refreshToken === null) return { ...session, viewer: session.actor };
  refreshCookie.write(session.refreshToken, session.refreshExpiresAt);
  return { ...session, refreshToken: null, viewer: session.actor };
}
