import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf } from '../platform/graphql/connection.js';
import { NodeType } from '../platform/graphql/node-type.js';
import { ARTIFACT_KIND, type ArtifactKind } from './artifact.entity.js';

registerEnumType(ARTIFACT_KIND, {
  name: 'ArtifactKind',
  valuesConfig: {
    REPORT: { description: 'What a reader reads.' },
    CLAIM_MAP: { description: 'Every claim of a report with its receipts.' },
    SOURCES: { description: 'What a report rests on.' },
    DATA: { description: 'Structured results for programs.' },
  },
});

@ObjectType('Artifact', {
  implements: NodeType,
  description: 'An output of a run. It never changes: a change is a new version.',
})
export class ArtifactType extends NodeType {
  @Field(() => String)
  name!: string;

  @Field(() => ARTIFACT_KIND)
  kind!: ArtifactKind;

  @Field(() => Int, { description: '1, 2, 3 … within its project and name; a number is never used twice.' })
  version!: number;

  @Field(() => String)
  mediaType!: string;

  @Field(() => Float)
  bytes!: number;

  @Field(() => String, { description: 'Of the bytes, lower-case hex.' })
  sha256!: string;

  @Field(() => Date)
  createdAt!: Date;
}

export const ArtifactConnection = connectionOf('Artifact', () => ArtifactType);

@ObjectType('ArtifactUsage')
export class ArtifactUsageType {
  @Field(() => Int)
  count!: number;

  @Field(() => Float)
  bytes!: number;

  @Field(() => Float, { description: 'A run whose artifacts would exceed this fails with QUOTA_EXCEEDED.' })
  limitBytes!: number;
}
