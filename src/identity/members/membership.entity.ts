/** A person's place in a tenant, with their roles there (at least one). */
import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql';
import type { Role } from '../../platform/database/actor.js';

export const MembershipEntity = defineEntity({
  name: 'Membership',
  tableName: 'memberships',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    userId: p.uuid(),
    roles: p.array().$type<Role[]>(),
    createdAt: p.datetime(),
  },
});

export type Membership = InferEntity<typeof MembershipEntity>;
