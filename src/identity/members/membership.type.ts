import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import type { Role } from '../../platform/database/actor.js';
import { connectionOf } from '../../platform/graphql/connection.js';
import { NodeType } from '../../platform/graphql/node-type.js';
import { MEMBERSHIP_STATUS, type MembershipStatus } from './membership.entity.js';
import { RoleEnum } from './role.type.js';

registerEnumType(MEMBERSHIP_STATUS, {
  name: 'MembershipStatus',
  valuesConfig: {
    INVITED: { description: 'Nobody has accepted the invitation yet.' },
    ACTIVE: { description: 'Somebody is a member.' },
  },
});

@ObjectType('Membership', { implements: NodeType, description: "A person's place in a tenant." })
export class MembershipType extends NodeType {
  @Field(() => [RoleEnum])
  roles!: Role[];

  @Field(() => MEMBERSHIP_STATUS)
  status!: MembershipStatus;

  @Field(() => Date, { description: 'When they joined; of an INVITED one, when they were invited.' })
  createdAt!: Date;

  @Field(() => String, {
    nullable: true,
    description: 'For `acceptInvitation`. In the answer of `inviteMember` only: pass it on to the person.',
  })
  invitationToken?: string | null;
}

export const MembershipConnection = connectionOf('Membership', () => MembershipType);

@ObjectType('Invitation')
export class InvitationType {
  @Field(() => String)
  email!: string;

  @Field(() => Date, { description: 'From then on it can no longer be accepted.' })
  expiresAt!: Date;
}

@InputType('InviteMemberInput')
export class InviteMemberInput {
  @Field(() => String)
  email!: string;

  @Field(() => [RoleEnum], { description: 'At least one, and none above your own.' })
  roles!: Role[];
}

@InputType('AcceptInvitationInput')
export class AcceptInvitationInput {
  @Field(() => String, { description: 'The `invitationToken` that you were given.' })
  token!: string;

  @Field(() => String, { nullable: true, description: 'Wanted when the invited address has no account yet.' })
  displayName?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Of the account of the invited address, or for the one that is made: 12 to 256 characters. Without it, whoever is signed in joins.',
  })
  password?: string | null;
}

@InputType('SetMemberRolesInput')
export class SetMemberRolesInput {
  @Field(() => ID)
  membershipId!: string;

  @Field(() => [RoleEnum], {
    description: 'All the roles the member has from now on: at least one, none above your own.',
  })
  roles!: Role[];
}
