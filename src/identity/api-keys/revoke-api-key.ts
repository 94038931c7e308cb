/** Revokes an API key: one's own, or any of the tenant as an ADMIN. Revoking twice changes nothing. */
import type { Em } from '../../platform/database/em.js';
import { runSql } from '../../platform/database/sql.js';
import { notFound } from '../../platform/errors.js';
import { decodeId, encodeId } from '../../platform/ids.js';
import { recordAudit } from '../audit/record-audit.js';
import { type ActorCtx, hasRole } from '../authorize.js';
import { type ApiKey, ApiKeyEntity } from './api-key.entity.js';

/** Errors: NOT_FOUND, also for a key that is another member's. */
export async function revokeApiKey(ctx: ActorCtx, publicId: string): Promise<ApiKey> {
  const id = decodeId('key', publicId);
  await ctx.em.transactional(async (transaction) => {
    const em = transaction as Em;
    const revoked = await runSql<{ created_by: string }>(
      em,
      `update api_keys set revoked_at = now() where id = $1 and revoked_at is null and (created_by = $2 or $3)
       returning created_by`,
      [id, ctx.actor.userId, hasRole(ctx.actor.roles, 'ADMIN')],
    );
    const [key] = revoked;
    if (!key) return;
    const metadata = { createdBy: encodeId('user', key.created_by) };
    await recordAudit(em, { action: 'API_KEY_REVOKED', target: { type: 'ApiKey', id }, metadata });
  });
  const key = await visibleApiKey(ctx, id);
  if (!key) throw notFound('API key');
  return key;
}

export async function visibleApiKey(ctx: Pick<ActorCtx, 'em' | 'actor'>, id: string): Promise<ApiKey | null> {
  const key = await ctx.em.findOne(ApiKeyEntity, { id });
  return key && (key.createdBy === ctx.actor.userId || hasRole(ctx.actor.roles, 'ADMIN')) ? key : null;
}
