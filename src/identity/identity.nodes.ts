/** How identity's nodes are found by id. Row security hides the rows of other tenants. */
import { loadById } from '../platform/graphql/loader-registry.js';
import { nodeKind } from '../platform/graphql/node-type.js';
import { visibleApiKey } from './api-keys/revoke-api-key.js';
import { MembershipEntity } from './members/membership.entity.js';
import { TenantEntity } from './tenant.entity.js';
import { UserEntity } from './user.entity.js';

export const identityNodes = [
  nodeKind({ prefix: 'user', typeNames: ['User'], load: (ctx, id) => loadById(ctx, UserEntity, id) }),
  nodeKind({ prefix: 'ten', typeNames: ['Tenant'], load: (ctx, id) => loadById(ctx, TenantEntity, id) }),
  nodeKind({ prefix: 'mem', typeNames: ['Membership'], load: (ctx, id) => loadById(ctx, MembershipEntity, id) }),
  nodeKind({ prefix: 'key', typeNames: ['ApiKey'], load: visibleApiKey }),
];
