import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf } from '../platform/graphql/connection.js';
import { NodeType } from '../platform/graphql/node-type.js';
import { Stance, Verdict } from './verdict.js';

registerEnumType(Verdict, {
  name: 'Verdict',
  valuesConfig: {
    SUPPORTED: { description: 'Its quote stands where the receipt says, and nothing that was read contradicts it.' },
    REFUTED: { description: 'Rightly quoted, but at least twice as many sources say the opposite.' },
    MIXED: { description: 'Rightly quoted, and another source disagrees.' },
    UNSUPPORTED: { description: 'Not `checked`, or its quote does not carry it.' },
  },
});
registerEnumType(Stance, { name: 'Stance' });

@ObjectType('Claim', {
  implements: NodeType,
  description: 'A sentence of a report that stands on evidence, or of a paper that asserts something.',
})
export class ClaimType extends NodeType {
  @Field(() => String)
  text!: string;

  @Field(() => String, { nullable: true, description: 'Heading of the section it stands in.' })
  section!: string | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Of a paper’s claim: how much it is the paper’s own finding, 0 to 1. Null in a report.',
  })
  score!: number | null;
}

export const ClaimConnection = connectionOf('Claim', () => ClaimType);

@ObjectType('EvidenceReceipt', {
  description:
    'Proves one link of a claim to evidence: the quote stands verbatim at these UTF-8 byte offsets of the snapshot whose text has this hash.',
})
export class EvidenceReceiptType {
  @Field(() => String)
  quote!: string;

  @Field(() => Int)
  startOffset!: number;

  @Field(() => Int)
  endOffset!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'The page it starts on, counted from 1, where the original has pages.',
  })
  page!: number | null;

  @Field(() => Stance)
  stance!: Stance;

  @Field(() => Float, { description: '0 to 1; 1 for the sentence the claim was taken from.' })
  score!: number;

  @Field(() => String)
  snapshotSha256!: string;
}
