import { Field, ObjectType } from 'type-graphql';
import type { Role } from '../platform/database/actor.js';
import { RoleEnum } from './members/role.type.js';

/** Resolves from the actor of the request. */
@ObjectType('Viewer', { description: 'Who you are, and where.' })
export class ViewerType {
  @Field(() => [RoleEnum])
  roles!: readonly Role[];
}
