/** A person. Global: may be a member of several tenants. The password hash is not mapped: the API may not read it. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql';

export const UserEntity = defineEntity({
  name: 'User',
  tableName: 'users',
  properties: {
    id: p.uuid().primary(),
    email: p.text(),
    displayName: p.text(),
    createdAt: p.datetime(),
  },
});

export type User = InferEntity<typeof UserEntity>;
