import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Role } from '../platform/database/actor.js';
import { RoleEnum } from './members/role.type.js';

/** Resolves from the actor of the request. */
@ObjectType('Viewer', { description: 'Who you are, and where.' })
export class ViewerType {
  @Field(() => [RoleEnum])
  roles!: readonly Role[];

  @Field(() => Boolean, { description: 'Whether signing in takes a second factor.' })
  mfaEnabled!: boolean;

  @Field(() => Int)
  recoveryCodesLeft!: number;

  @Field(() => Boolean, { description: 'False for those who sign in with Google only.' })
  hasPassword!: boolean;

  @Field(() => Boolean)
  googleLinked!: boolean;

  @Field(() => [String], {
    nullable: true,
    description:
      'In the answer of `confirmTotpEnrollment` only: each opens your account once, without the app. Keep them.',
  })
  recoveryCodes?: string[] | null;
}

@ObjectType('ViewerTenant', { description: 'A tenant you are a member of; `switchTenant` enters it.' })
export class ViewerTenantType {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => [RoleEnum])
  roles!: Role[];
}
