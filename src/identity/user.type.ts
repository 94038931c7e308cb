import { Field, ObjectType } from 'type-graphql';
import { NodeType } from '../platform/graphql/node-type.js';

@ObjectType('User', { implements: NodeType, description: 'A person, as fellow members of a tenant see them.' })
export class UserType extends NodeType {
  @Field(() => String)
  displayName!: string;

  @Field(() => String)
  email!: string;

  @Field(() => Date)
  createdAt!: Date;
}
