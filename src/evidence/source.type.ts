import { Field, Float, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../platform/graphql/connection.js';
import { NodeType } from '../platform/graphql/node-type.js';

@ObjectType('Snapshot', {
  implements: NodeType,
  description: 'Immutable UTF-8 text. Offsets everywhere are UTF-8 byte offsets into it, half-open.',
})
export class SnapshotType extends NodeType {
  @Field(() => String, { description: 'Of the text, lower-case hex.' })
  sha256!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Of the bytes it was derived from; null: the text is those bytes.',
  })
  originalSha256!: string | null;

  @Field(() => String, { nullable: true, description: 'name@version of what derived it.' })
  extractor!: string | null;

  @Field(() => String, { description: 'Of the original.' })
  mediaType!: string;

  @Field(() => Float, { description: 'Of the text.' })
  bytes!: number;

  @Field(() => Date)
  capturedAt!: Date;
}

@ObjectType('SourceNotice', { description: 'What a service says against a work.' })
export class SourceNoticeType {
  @Field(() => String, { description: 'As the service names it: retraction, correction, expression_of_concern.' })
  type!: string;

  @Field(() => String, { nullable: true, description: 'Of the notice.' })
  doi!: string | null;

  @Field(() => String, { nullable: true, description: 'YYYY-MM-DD, or as much of it as is known.' })
  date!: string | null;

  @Field(() => String, { nullable: true, description: 'Who says so: publisher, retraction-watch, openalex, arxiv.' })
  source!: string | null;
}

@ObjectType('Source', { implements: NodeType, description: 'A document that may be quoted.' })
export class SourceType extends NodeType {
  @Field(() => String)
  title!: string;

  @Field(() => [String])
  authors!: string[];

  @Field(() => Int, { nullable: true })
  year!: number | null;

  @Field(() => String, { nullable: true })
  venue!: string | null;

  @Field(() => String, { nullable: true })
  doi!: string | null;

  @Field(() => String, { nullable: true })
  arxivId!: string | null;

  @Field(() => String, { nullable: true })
  url!: string | null;

  @Field(() => String, {
    description: 'Where it came from: UPLOAD, TEXT, ARXIV, DOI, OPENALEX, CROSSREF, SEMANTIC_SCHOLAR, URL.',
  })
  connector!: string;

  @Field(() => Date)
  retrievedAt!: Date;

  @Field(() => Boolean, {
    description:
      'The work was retracted or withdrawn, as the services said when it was last found. False proves nothing.',
  })
  retracted!: boolean;

  @Field(() => [SourceNoticeType])
  notices!: SourceNoticeType[];

  @Field(() => Float, { nullable: true, description: 'How well it fits what was asked, where it was ranked for that.' })
  score?: number | null;
}

export const SourceConnection = connectionOf('Source', () => SourceType);

@ObjectType('Snippet', { implements: NodeType, description: 'A passage: the verbatim slice of its snapshot.' })
export class SnippetType extends NodeType {
  @Field(() => String)
  text!: string;

  @Field(() => Int, { nullable: true, description: 'Where it starts, counted from 1.' })
  page!: number | null;

  @Field(() => String, { nullable: true, description: 'Of the section it stands in.' })
  heading!: string | null;

  @Field(() => Int)
  startOffset!: number;

  @Field(() => Int)
  endOffset!: number;
}
