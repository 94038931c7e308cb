/** How identity's nodes are found by id. Row security hides the rows of other tenants. */
import type { ActorContext } from '../platform/graphql/api-context.js';
import { loadById } from '../platform/graphql/loader-registry.js';
import { nodeKind } from '../platform/graphql/node-type.js';
import { visibleApiKey } from './api-keys/revoke-api-key.js';
import { hasRole } from './authorize.js';
import { type Membership, MembershipEntity } from './members/membership.entity.js';
import { TenantEntity } from './tenant.entity.js';
import { UserEntity } from './user.entity.js';

export const identityNodes = [
  nodeKind({ prefix: 'user', typeNames: ['User'], load: (ctx, id) => loadById(ctx, UserEntity, id) }),
  nodeKind({ prefix: 'ten', typeNames: ['Tenant'], load: (ctx, id) => loadById(ctx, TenantEntity, id) }),
  nodeKind({ prefix: 'mem', typeNames: ['Membership'], load: visibleMembership }),
  nodeKind({ prefix: 'key', typeNames: ['ApiKey'], load: visibleApiKey }),
];

/** Who is invited is between the administrators and the person. */
async function visibleMembership(ctx: ActorContext, id: string): Promise<Membership | null> {
  const membership = await loadById(ctx, MembershipEntity, id);
  return membership?.status === 'ACTIVE' || hasRole(ctx.actor.roles, 'ADMIN') ? membership : null;
}
