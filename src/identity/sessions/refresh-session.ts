/**
 * A refresh token for the next pair of tokens. Each is taken once. One that comes a second time is in two hands, so the
 * whole session ends, for both; but for `GRACE_MS` a client whose answer was lost gets the same pair's refresh token again.
 */
import type { Role } from '../../platform/database/actor.js';
import type { Em } from '../../platform/database/em.js';
import { runSql } from '../../platform/database/sql.js';
import { isAppError } from '../../platform/errors.js';
import type { ApiContext } from '../../platform/graphql/api-context.js';
import { recordAudit } from '../audit/record-audit.js';
import { unauthenticated } from '../authorize.js';
import { type OpenedSession, type SessionCtx, withAccessToken } from './session.js';

const GRACE_MS = 10_000; // 10 seconds: a client's time-out and its second try
const DAY_MS = 86_400_000;
/** However often it is renewed, a session ends and its person signs in again. */
export const LONGEST_SESSION_MS = 90 * DAY_MS;

interface Rotation {
  outcome: 'ROTATED' | 'REPEATED' | 'REUSED';
  successor: number | null; // which of those that were offered follows, from 1; null of a REUSED one
  session_id: string;
  tenant_id: string;
  user_id: string;
  roles: Role[];
  expires_ms: number;
}

/**
 * `given`: the token, or nothing for the one in the cookie. Throws UNAUTHENTICATED, the same for a token that is unknown, of a
 * session that has ended, or used before; FORBIDDEN for a cookie that another site may have sent.
 */
export async function refreshSession(ctx: ApiContext, given: string | null | undefined): Promise<OpenedSession> {
  if (given != null) return exchange(ctx, given);
  const kept = ctx.refreshCookie?.read();
  if (kept === undefined) throw unauthenticated('There is no refresh token: neither as argument nor in a cookie.');
  try {
    return await exchange(ctx, kept);
  } catch (error) {
    if (isAppError(error) && error.code === 'UNAUTHENTICATED') ctx.refreshCookie?.clear();
    throw error;
  }
}

async function exchange(ctx: SessionCtx, refreshToken: string): Promise<OpenedSession> {
  const { auth, log } = ctx.services;
  const given = auth.refresh.hashesOf(refreshToken);
  if (!given) throw refused();
  const successors = auth.refresh.successorsOf(refreshToken);
  const rotate = [given, successors.map(({ hash }) => hash), auth.refreshTokenMs, LONGEST_SESSION_MS, GRACE_MS];
  const row = await ctx.em.transactional(async (transaction) => {
    const em = transaction as Em;
    const [rotation] = await runSql<Rotation>(em, 'select * from rotate_refresh_token($1, $2, $3, $4, $5)', rotate);
    if (rotation?.outcome === 'REUSED') await recordReuse(em, rotation);
    return rotation;
  });
  if (row?.outcome === 'REUSED')
    log.warn({ sessionId: row.session_id }, 'a refresh token was used twice: session ended');
  const successor = successors[(row?.successor ?? 0) - 1];
  if (!row || row.outcome === 'REUSED' || !successor) throw refused();
  return withAccessToken(auth, {
    actor: { tenantId: row.tenant_id, userId: row.user_id, credentialId: row.session_id, roles: row.roles },
    refreshToken: successor.text,
    refreshExpiresAt: new Date(row.expires_ms),
  });
}

const recordReuse = (em: Em, { tenant_id: tenantId, user_id: userId, session_id: credentialId }: Rotation) =>
  recordAudit(
    em,
    {
      action: 'SESSION_REVOKED',
      target: { type: 'User', id: userId },
      metadata: { reason: 'REFRESH_TOKEN_USED_TWICE' },
    },
    { tenantId, userId, credentialId },
  );

const refused = () => unauthenticated('The refresh token is unknown, expired or was used before. Sign in again.');
