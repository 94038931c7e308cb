import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { RunType } from '../../runs/run.type.js';

@ObjectType('IngestionRun', {
  implements: RunType,
  description: 'Takes a document into a project: fetch, extract, structure, index.',
})
export class IngestionRunType extends RunType {}

@InputType('IngestPaperInput', { description: 'Give either `uploadId` or `text`.' })
export class IngestPaperInput {
  @Field(() => ID)
  projectId!: string;

  @Field(() => ID, { nullable: true, description: 'From `prepareUpload`, after the bytes were PUT.' })
  uploadId?: string | null;

  @Field(() => String, { nullable: true, description: 'Markdown or plain text, up to 500,000 characters.' })
  text?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Goes before what the document says of itself, as do the next ones.',
  })
  title?: string | null;

  @Field(() => [String], { nullable: true })
  authors?: string[] | null;

  @Field(() => Int, { nullable: true })
  year?: number | null;

  @Field(() => String, { nullable: true })
  doi?: string | null;

  @Field(() => String, { nullable: true, description: 'Where it can be read.' })
  url?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Unique in your tenant: the same request again gives the same run.',
  })
  clientRequestId?: string | null;
}
