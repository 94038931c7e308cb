/** Revokes an API key: one's own, or any of the tenant as an ADMIN. Revoking twice changes nothing. */
import { runSql } from '../../platform/database/sql.js';
import { notFound } from '../../platform/errors.js';
import { decodeId } from '../../platform/ids.js';
import { type ActorCtx, hasRole } from '../authorize.js';
import { type ApiKey, ApiKeyEntity } from './api-key.entity.js';

/** Errors: NOT_FOUND, also for a key that is another member's. */
export async function revokeApiKey(ctx: ActorCtx, publicId: string): Promise<ApiKey> {
  const id = decodeId('key', publicId);
  await runSql(
    ctx.em,
    `update api_keys set revoked_at = coalesce(revoked_at, now()) where id = $1 and (created_by = $2 or $3)`,
    [id, ctx.actor.userId, hasRole(ctx.actor.roles, 'ADMIN')],
  );
  const key = await visibleApiKey(ctx, id);
  if (!key) throw notFound('API key');
  return key;
}

export async function visibleApiKey(ctx: Pick<ActorCtx, 'em' | 'actor'>, id: string): Promise<ApiKey | null> {
  const key = await ctx.em.findOne(ApiKeyEntity, { id });
  return key && (key.createdBy === ctx.actor.userId || hasRole(ctx.actor.roles, 'ADMIN')) ? key : null;
}
