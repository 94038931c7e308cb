/** Who owns data. Every row but a user's belongs to exactly one tenant, and no query crosses two. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql';

export const TenantEntity = defineEntity({
  name: 'Tenant',
  tableName: 'tenants',
  properties: {
    id: p.uuid().primary(),
    name: p.text(),
    createdAt: p.datetime(),
  },
});

export type Tenant = InferEntity<typeof TenantEntity>;
