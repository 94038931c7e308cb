/** A session: an opaque token that proves one member of one tenant until it expires or is revoked. */
import type { Actor, Role } from '../../platform/database/actor.js';
import { runSql } from '../../platform/database/sql.js';
import type { ApiContext } from '../../platform/graphql/api-context.js';
import { newId } from '../../platform/ids.js';
import { newSecretToken, SESSION_PREFIX } from './secret-token.js';

const DAY_MS = 86_400_000;
export const SESSION_LIFETIME_MS = 14 * DAY_MS;

/** What it takes to open a session: `em` may be in a transaction, of which the session is then a part. */
export type SessionCtx = Pick<ApiContext, 'em' | 'clock' | 'services'>;

export interface OpenedSession {
  accessToken: string;
  expiresAt: Date; // of the access token
  /** Null where the session is not renewed. */
  refreshToken: string | null;
  refreshExpiresAt: Date; // of the session, unless it is renewed before
  actor: Actor;
}

export async function openSession(
  ctx: SessionCtx,
  member: { tenantId: string; userId: string },
): Promise<OpenedSession> {
  const token = newSecretToken(SESSION_PREFIX);
  const credentialId = newId();
  const expiresAt = new Date(ctx.clock().getTime() + SESSION_LIFETIME_MS);
  const [row] = await runSql<{ roles: Role[] }>(ctx.em, 'select * from open_session($1, $2, $3, $4, $5)', [
    credentialId,
    member.tenantId,
    member.userId,
    token.sha256,
    expiresAt,
  ]);
  const actor = { ...member, credentialId, roles: row?.roles ?? [] };
  return { accessToken: token.text, expiresAt, refreshToken: null, refreshExpiresAt: expiresAt, actor };
}
