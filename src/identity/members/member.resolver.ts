import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { ApiContext } from '../../platform/graphql/api-context.js';
import { loadById } from '../../platform/graphql/loader-registry.js';
import { PageArgs } from '../../platform/graphql/page-args.js';
import { paginateEach } from '../../platform/graphql/paginate.js';
import { signedIn } from '../authorize.js';
import type { Tenant } from '../tenant.entity.js';
import { TenantType } from '../tenant.type.js';
import { UserEntity } from '../user.entity.js';
import { UserType } from '../user.type.js';
import { inviteMember } from './invite-member.js';
import { type Membership, MembershipEntity } from './membership.entity.js';
import { InviteMemberInput, MembershipConnection, MembershipType, SetMemberRolesInput } from './membership.type.js';
import { setMemberRoles } from './set-member-roles.js';

@Resolver(() => MembershipType)
export class MemberResolver {
  @Mutation(() => MembershipType, { description: 'Adds a person to your tenant. Takes ADMIN.' })
  inviteMember(@Ctx() ctx: ApiContext, @Arg('input', () => InviteMemberInput) input: InviteMemberInput) {
    return inviteMember(signedIn(ctx), input);
  }

  @Mutation(() => MembershipType, { description: 'Changes what a member may do. Takes ADMIN.' })
  setMemberRoles(@Ctx() ctx: ApiContext, @Arg('input', () => SetMemberRolesInput) input: SetMemberRolesInput) {
    return setMemberRoles(signedIn(ctx), input);
  }

  @FieldResolver(() => UserType)
  user(@Root() membership: Membership, @Ctx() ctx: ApiContext) {
    return loadById(ctx, UserEntity, membership.userId);
  }
}

@Resolver(() => TenantType)
export class TenantResolver {
  @FieldResolver(() => MembershipConnection, { description: 'In the order they joined.' })
  members(@Root() tenant: Tenant, @Ctx() ctx: ApiContext, @Args(() => PageArgs) page: PageArgs) {
    return paginateEach(ctx, { entity: MembershipEntity, parent: 'tenantId', order: 'oldestFirst' }, tenant.id, page);
  }
}
