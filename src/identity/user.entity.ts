/**
 * A person. Global: may be a member of several tenants. The API's database role may not read `password_hash`; it is mapped,
 * lazily, only because the ORM then names the columns it selects instead of asking for `*`.
 */
import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql';

export const UserEntity = defineEntity({
  name: 'User',
  tableName: 'users',
  properties: {
    id: p.uuid().primary(),
    email: p.text(),
    displayName: p.text(),
    createdAt: p.datetime(),
    passwordHash: p.text().lazy(),
  },
});

export type User = InferEntity<typeof UserEntity>;
