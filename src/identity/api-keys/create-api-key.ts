/** Makes an API key. The key itself is in the answer and nowhere else: only its sha256 is stored. */
import { SCOPES, type Scope } from '../../platform/database/actor.js';
import type { Em } from '../../platform/database/em.js';
import { runSql } from '../../platform/database/sql.js';
import { badInput } from '../../platform/errors.js';
import { newId } from '../../platform/ids.js';
import { cleanLine } from '../../platform/text-input.js';
import { MAX_NAME_LENGTH } from '../accounts/register.js';
import { recordAudit } from '../audit/record-audit.js';
import { type ActorCtx, requirePerson } from '../authorize.js';
import { API_KEY_PREFIX, newSecretToken } from '../sessions/secret-token.js';
import { type ApiKey, ApiKeyEntity } from './api-key.entity.js';

const SHOWN_CHARACTERS = 9; // `pw_` and six: enough to tell keys apart, 36 of 256 bits

export interface NewApiKey {
  name: string;
  /** All when absent; READ is added. */
  scopes?: readonly Scope[] | null;
  /** Absent: it holds until it is revoked. */
  expiresAt?: Date | null;
}

/** Errors: BAD_INPUT; FORBIDDEN for API keys: a key that leaks must not make others that outlive it. */
export async function createApiKey(ctx: ActorCtx, input: NewApiKey): Promise<{ apiKey: ApiKey; secret: string }> {
  requirePerson(ctx.actor);
  const name = cleanLine(input.name, { field: 'name', max: MAX_NAME_LENGTH });
  const scopes = SCOPES.filter((scope) => scope === 'READ' || (input.scopes ?? SCOPES).includes(scope));
  const expiresAt = input.expiresAt ?? null;
  if (expiresAt && expiresAt <= ctx.clock()) {
    throw badInput('`expiresAt` has passed. Give a moment that is to come, or nothing.', { field: 'expiresAt' });
  }
  const token = newSecretToken(API_KEY_PREFIX);
  const id = newId();
  const { tenantId, userId } = ctx.actor;
  const prefix = token.text.slice(0, SHOWN_CHARACTERS);
  await ctx.em.transactional(async (transaction) => {
    const em = transaction as Em;
    await runSql(
      em,
      `insert into api_keys (id, tenant_id, created_by, name, prefix, secret_hash, scopes, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [id, tenantId, userId, name, prefix, token.sha256, scopes, expiresAt],
    );
    await recordAudit(em, {
      action: 'API_KEY_CREATED',
      target: { type: 'ApiKey', id },
      metadata: { scopes, expiresAt },
    });
  });
  return { apiKey: await ctx.em.findOneOrFail(ApiKeyEntity, { id }), secret: token.text };
}
