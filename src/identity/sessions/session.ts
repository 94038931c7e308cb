/**
 * A session: one sign-in of one member of one tenant, until it expires or is revoked. It is worth two tokens:
 *
 *     access token   minutes; sent with each request; names the session        (../tokens/access-token.ts)
 *     refresh token  days; used once, for the next two of both                 (../tokens/refresh-token.ts)
 *
 * Each renewal moves the session's end; the access token never outlives it, because the session is asked at each request.
 */
import type { Actor, Role } from '../../platform/database/actor.js';
import type { Em } from '../../platform/database/em.js';
import { runSql } from '../../platform/database/sql.js';
import type { ApiContext } from '../../platform/graphql/api-context.js';
import { newId } from '../../platform/ids.js';
import { recordAudit } from '../audit/record-audit.js';
import type { AuthServices } from '../tokens/auth-services.js';

/** What it takes to open a session: `em` may be in a transaction, of which the session is then a part. */
export type SessionCtx = Pick<ApiContext, 'em' | 'clock' | 'services'>;

export interface OpenedSession {
  accessToken: string;
  expiresAt: Date; // of the access token
  /** Null when it went into a cookie. */
  refreshToken: string | null;
  refreshExpiresAt: Date; // of the session, unless it is renewed before
  actor: Actor;
}

/** How somebody proved it, as the audit log has it. */
export type SignInMethod =
  | 'PASSWORD'
  | 'GOOGLE'
  | 'SECOND_FACTOR'
  | 'RECOVERY_CODE'
  | 'REGISTRATION'
  | 'ANOTHER_TENANT';

/** The person has proven to be that member; nothing is checked here. */
export async function openSession(
  ctx: SessionCtx,
  member: { tenantId: string; userId: string },
  method: SignInMethod,
): Promise<OpenedSession> {
  const { auth } = ctx.services;
  const credentialId = newId();
  const token = auth.refresh.create();
  const open = async (em: Em) => {
    const rows = await runSql<{ roles: Role[]; expires_ms: number }>(
      em,
      'select * from open_session($1, $2, $3, $4, $5)',
      [credentialId, member.tenantId, member.userId, token.hash, auth.refreshTokenMs],
    );
    const target = { type: 'User', id: member.userId } as const;
    if (rows[0])
      await recordAudit(em, { action: 'SIGNED_IN', target, metadata: { method } }, { ...member, credentialId });
    return rows[0];
  };
  const row = await (ctx.em.isInTransaction() ? open(ctx.em) : ctx.em.transactional((em) => open(em as Em)));
  if (!row) throw new Error('A session was opened for nobody: there is no such membership.');
  const actor: Actor = { tenantId: member.tenantId, userId: member.userId, credentialId, roles: row.roles };
  return withAccessToken(auth, { actor, refreshToken: token.text, refreshExpiresAt: new Date(row.expires_ms) });
}

export async function withAccessToken(
  auth: AuthServices,
  session: Pick<OpenedSession, 'actor' | 'refreshToken' | 'refreshExpiresAt'>,
): Promise<OpenedSession> {
  const access = await auth.access.issue(session.actor);
  return { ...session, accessToken: access.text, expiresAt: access.expiresAt };
}
