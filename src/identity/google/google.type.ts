import { Field, ID, InputType } from 'type-graphql';

@InputType('GoogleSignInInput')
export class GoogleSignInInput {
  @Field(() => String, { description: 'The ID token (a JWT) that Google gave to your client.' })
  idToken!: string;

  @Field(() => String, { nullable: true, description: 'What your client put into its request to Google, if it did.' })
  nonce?: string | null;

  @Field(() => ID, { nullable: true, description: 'For members of several tenants: the one to enter.' })
  tenantId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'For newcomers: the name of their laboratory, group or company. Their own when absent.',
  })
  tenantName?: string | null;
}
