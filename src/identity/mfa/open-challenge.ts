/** The question for a second factor, asked of somebody whose first one was right: lives minutes, answered once. */
import { runSql } from '../../platform/database/sql.js';
import { CHALLENGE_PREFIX, newOneTimeToken } from '../one-time-token.js';
import type { SessionCtx } from '../sessions/session.js';

/** The value of GraphQL's MfaRequired. */
export interface MfaChallenge {
  challengeToken: string;
  expiresAt: Date;
}

export async function openChallenge(
  ctx: SessionCtx,
  member: { tenantId: string; userId: string },
): Promise<MfaChallenge> {
  const token = newOneTimeToken(CHALLENGE_PREFIX);
  const now = ctx.clock();
  const expiresAt = new Date(now.getTime() + ctx.services.accounts.secondFactor.challengeMs);
  await runSql(ctx.em, 'select open_mfa_challenge($1, $2, $3, $4, $5)', [
    token.sha256,
    member.userId,
    member.tenantId,
    expiresAt,
    now,
  ]);
  return { challengeToken: token.text, expiresAt };
}
