import { Field, ObjectType } from 'type-graphql';
import { NodeType } from '../platform/graphql/node-type.js';

@ObjectType('Tenant', {
  implements: NodeType,
  description: 'Who owns data. Nothing crosses from one tenant to another.',
})
export class TenantType extends NodeType {
  @Field(() => String)
  name!: string;

  @Field(() => Date)
  createdAt!: Date;
}
