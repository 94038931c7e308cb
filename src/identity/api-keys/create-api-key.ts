/** Makes an API key. The key itself is in the answer and nowhere else: only its sha256 is stored. */
import { runSql } from '../../platform/database/sql.js';
import { newId } from '../../platform/ids.js';
import { cleanLine } from '../../platform/text-input.js';
import { MAX_NAME_LENGTH } from '../accounts/register.js';
import type { ActorCtx } from '../authorize.js';
import { API_KEY_PREFIX, newSecretToken } from '../sessions/secret-token.js';
import { type ApiKey, ApiKeyEntity } from './api-key.entity.js';

const SHOWN_CHARACTERS = 9; // `pw_` and six: enough to tell keys apart, 36 of 256 bits

export async function createApiKey(
  ctx: ActorCtx,
  input: { name: string },
): Promise<{ apiKey: ApiKey; secret: string }> {
  const name = cleanLine(input.name, { field: 'name', max: MAX_NAME_LENGTH });
  const token = newSecretToken(API_KEY_PREFIX);
  const id = newId();
  await runSql(
    ctx.em,
    'insert into api_keys (id, tenant_id, created_by, name, prefix, secret_hash) values ($1, $2, $3, $4, $5, $6)',
    [id, ctx.actor.tenantId, ctx.actor.userId, name, token.text.slice(0, SHOWN_CHARACTERS), token.sha256],
  );
  return { apiKey: await ctx.em.findOneOrFail(ApiKeyEntity, { id }), secret: token.text };
}
