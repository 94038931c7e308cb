import { Field, Float, ObjectType } from 'type-graphql';
import { UncertaintyType } from '../papers/structured-paper.type.js';

@ObjectType('TrustComponent', { description: 'One counted fact about a run and what it weighs.' })
export class TrustComponentType {
  @Field(() => String)
  name!: string;

  @Field(() => Float, { description: '0 to 1' })
  score!: number;

  @Field(() => Float)
  weight!: number;

  @Field(() => String, { description: 'The counted facts; anyone who holds claims.json counts the same.' })
  basis!: string;
}

@ObjectType('TrustScore', {
  description:
    'How far a result can be checked and how much it rests on; not whether its sources are right. `overall` is the mean of the components by their weights.',
})
export class TrustScoreType {
  @Field(() => Float, { description: '0 to 1' })
  overall!: number;

  @Field(() => [TrustComponentType])
  components!: TrustComponentType[];

  @Field(() => [UncertaintyType])
  flags!: UncertaintyType[];

  @Field(() => Date)
  computedAt!: Date;
}
