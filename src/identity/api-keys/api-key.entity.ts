/**
 * A key for programs. It acts as the member who made it, with the roles that member has when it is used, within its scopes
 * and until it expires or is revoked. Only the sha256
 * of the key is stored. The API's database role may write it, not read it; it is mapped, lazily, only because the ORM then
 * names the columns it selects instead of asking for `*`.
 */
import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql';
import type { Scope } from '../../platform/database/actor.js';

export const ApiKeyEntity = defineEntity({
  name: 'ApiKey',
  tableName: 'api_keys',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    createdBy: p.uuid(),
    name: p.text(),
    prefix: p.text(),
    scopes: p.array().$type<Scope[]>(),
    createdAt: p.datetime(),
    lastUsedAt: p.datetime().nullable(),
    expiresAt: p.datetime().nullable(),
    revokedAt: p.datetime().nullable(),
    secretHash: p.blob().lazy(),
  },
});

export type ApiKey = InferEntity<typeof ApiKeyEntity>;
