/** A session: an opaque token that proves one member of one tenant until it expires or is revoked. */
import type { Actor, Role } from '../../platform/database/actor.js';
import type { Em } from '../../platform/database/database.js';
import { runSql } from '../../platform/database/sql.js';
import { newId } from '../../platform/ids.js';
import { newSecretToken, SESSION_PREFIX } from './secret-token.js';

const DAY_MS = 86_400_000;
export const SESSION_LIFETIME_MS = 14 * DAY_MS;

export interface OpenedSession {
  accessToken: string;
  expiresAt: Date;
  actor: Actor;
}

export async function openSession(
  ctx: { em: Em; clock: () => Date },
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
  return { accessToken: token.text, expiresAt, actor: { ...member, credentialId, roles: row?.roles ?? [] } };
}
