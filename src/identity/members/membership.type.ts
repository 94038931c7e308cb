import { Field, ID, InputType, ObjectType } from 'type-graphql';
import type { Role } from '../../platform/database/actor.js';
import { connectionOf } from '../../platform/graphql/connection.js';
import { NodeType } from '../../platform/graphql/node-type.js';
import { RoleEnum } from './role.type.js';

@ObjectType('Membership', { implements: NodeType, description: "A person's place in a tenant." })
export class MembershipType extends NodeType {
  @Field(() => [RoleEnum])
  roles!: Role[];

  @Field(() => Date)
  createdAt!: Date;
}

export const MembershipConnection = connectionOf('Membership', () => MembershipType);

@InputType('InviteMemberInput')
export class InviteMemberInput {
  @Field(() => String)
  email!: string;

  @Field(() => String)
  displayName!: string;

  @Field(() => String, { description: 'To hand over to the person. 8 to 256 characters.' })
  temporaryPassword!: string;

  @Field(() => [RoleEnum], { description: 'At least one, and none above your own.' })
  roles!: Role[];
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
