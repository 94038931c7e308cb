import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { ApiContext } from '../../platform/graphql/api-context.js';
import { loadById } from '../../platform/graphql/loader-registry.js';
import { PageArgs } from '../../platform/graphql/page-args.js';
import { paginate, paginateEach } from '../../platform/graphql/paginate.js';
import { answerSignIn } from '../accounts/answer-sign-in.js';
import { SignInResult } from '../accounts/sign-in.type.js';
import { signedIn } from '../authorize.js';
import type { Tenant } from '../tenant.entity.js';
import { TenantType } from '../tenant.type.js';
import { UserEntity } from '../user.entity.js';
import { UserType } from '../user.type.js';
import { acceptInvitation } from './accept-invitation.js';
import { type Invitation, InvitationEntity } from './invitation.entity.js';
import { inviteMember } from './invite-member.js';
import { type Membership, MembershipEntity } from './membership.entity.js';
import {
  AcceptInvitationInput,
  InvitationType,
  InviteMemberInput,
  MembershipConnection,
  MembershipType,
  SetMemberRolesInput,
} from './membership.type.js';
import { leaveTenant, removeMember, revokeInvitation } from './remove-member.js';
import { setMemberRoles } from './set-member-roles.js';

@Resolver(() => MembershipType)
export class MemberResolver {
  @Query(() => MembershipConnection, { description: 'Those nobody has accepted yet, newest first. Takes ADMIN.' })
  invitations(@Ctx() ctx: ApiContext, @Args(() => PageArgs) page: PageArgs) {
    return paginate(signedIn(ctx).em, MembershipEntity, { status: 'INVITED' }, page);
  }

  @Mutation(() => MembershipType, {
    description:
      'Invites an address to your tenant, for seven days. Inviting it again ends the invitation before. Takes ADMIN.',
  })
  inviteMember(@Ctx() ctx: ApiContext, @Arg('input', () => InviteMemberInput) input: InviteMemberInput) {
    return inviteMember(signedIn(ctx), input);
  }

  @Mutation(() => SignInResult, { description: 'Makes you a member of the tenant that invited you, and enters it.' })
  async acceptInvitation(
    @Ctx() ctx: ApiContext,
    @Arg('input', () => AcceptInvitationInput) input: AcceptInvitationInput,
  ) {
    return answerSignIn(ctx, await acceptInvitation(ctx, input));
  }

  @Mutation(() => ID, { description: 'Takes an invitation back. Takes ADMIN.' })
  revokeInvitation(@Ctx() ctx: ApiContext, @Arg('membershipId', () => ID) membershipId: string) {
    return revokeInvitation(signedIn(ctx), membershipId);
  }

  @Mutation(() => MembershipType, { description: 'Changes what a member may do. Takes ADMIN.' })
  setMemberRoles(@Ctx() ctx: ApiContext, @Arg('input', () => SetMemberRolesInput) input: SetMemberRolesInput) {
    return setMemberRoles(signedIn(ctx), input);
  }

  @Mutation(() => ID, {
    description:
      "Ends a membership, its sessions and keys; the projects go to the tenant's oldest other OWNER. Takes ADMIN.",
  })
  removeMember(@Ctx() ctx: ApiContext, @Arg('membershipId', () => ID) membershipId: string) {
    return removeMember(signedIn(ctx), membershipId);
  }

  @Mutation(() => Boolean, { description: 'Ends your own membership of this tenant. Takes a session.' })
  async leaveTenant(@Ctx() ctx: ApiContext) {
    await leaveTenant(signedIn(ctx));
    return true;
  }

  @FieldResolver(() => UserType, { nullable: true, description: 'Null while INVITED.' })
  user(@Root() membership: Membership, @Ctx() ctx: ApiContext) {
    return membership.userId && loadById(ctx, UserEntity, membership.userId);
  }

  @FieldResolver(() => InvitationType, { nullable: true, description: 'Null once ACTIVE.' })
  invitation(@Root() membership: Membership, @Ctx() ctx: ApiContext): Promise<Invitation | null> | null {
    return membership.status === 'INVITED' ? loadById(ctx, InvitationEntity, membership.id) : null;
  }
}

@Resolver(() => TenantType)
export class TenantResolver {
  @FieldResolver(() => MembershipConnection, { description: 'ACTIVE ones, in the order they were invited or joined.' })
  members(@Root() tenant: Tenant, @Ctx() ctx: ApiContext, @Args(() => PageArgs) page: PageArgs) {
    return paginateEach(
      ctx,
      { entity: MembershipEntity, parent: 'tenantId', where: { status: 'ACTIVE' }, order: 'oldestFirst' },
      tenant.id,
      page,
    );
  }
}
