import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { PaperEngineName } from '../../papers/paper-engine-name.js';
import { RunType } from '../../runs/run.type.js';

registerEnumType(PaperEngineName, {
  name: 'PaperEngine',
  description: 'What reads a paper.',
  valuesConfig: {
    BUILTIN: { description: 'By the layout of its pages; needs nothing else.' },
    GROBID: { description: 'A GROBID server, where the installation has one.' },
  },
});

@ObjectType('IngestionRun', {
  implements: RunType,
  description: 'Takes a document into a project: fetch, extract, structure, index.',
})
export class IngestionRunType extends RunType {}

@InputType('IngestPaperInput', {
  description:
    'Give exactly one document: `uploadId`, `text`, `arxivId` or `doi`. Beside an upload or a text, `arxivId` and `doi` say what it is.',
})
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

  @Field(() => String, { nullable: true, description: 'Alone, the paper is fetched if it is open to everybody.' })
  doi?: string | null;

  @Field(() => String, { nullable: true, description: 'Such as 1707.08567. Alone, the paper is fetched from arXiv.' })
  arxivId?: string | null;

  @Field(() => String, { nullable: true, description: 'Where it can be read.' })
  url?: string | null;

  @Field(() => PaperEngineName, { nullable: true, description: 'The standard one of the installation when absent.' })
  engine?: PaperEngineName | null;

  @Field(() => String, {
    nullable: true,
    description: 'Unique in your tenant: the same request again gives the same run.',
  })
  clientRequestId?: string | null;
}
