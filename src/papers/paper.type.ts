import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf } from '../platform/graphql/connection.js';
import { NodeType } from '../platform/graphql/node-type.js';
import { PaperStatus } from './paper.entity.js';

registerEnumType(PaperStatus, {
  name: 'PaperStatus',
  valuesConfig: {
    PENDING: { description: 'A run is taking it in.' },
    READY: { description: 'It can be searched and cited.' },
    FAILED: { description: 'It could not be read; the run says why.' },
  },
});

@ObjectType('Paper', {
  implements: NodeType,
  description:
    'A work in a project. The same bytes are the same paper. What was read from it is empty or null until it is READY.',
})
export class PaperType extends NodeType {
  @Field(() => PaperStatus)
  status!: PaperStatus;

  @Field(() => String, { nullable: true })
  title!: string | null;

  @Field(() => Int, { nullable: true })
  year!: number | null;

  @Field(() => String, { nullable: true })
  doi!: string | null;

  @Field(() => String, { nullable: true })
  arxivId!: string | null;

  @Field(() => Int, { nullable: true, description: 'Null when the format has no pages.' })
  pageCount!: number | null;

  @Field(() => String)
  mediaType!: string;

  @Field(() => String, { description: 'Of the bytes that came, lower-case hex.' })
  contentSha256!: string;

  @Field(() => Date)
  createdAt!: Date;
}

export const PaperConnection = connectionOf('Paper', () => PaperType);

@InputType('PrepareUploadInput')
export class PrepareUploadInput {
  @Field(() => ID)
  projectId!: string;

  @Field(() => String, { description: 'With its ending: .pdf, .tex, .md or .txt.' })
  fileName!: string;

  @Field(() => Float, { description: 'The size of the file; more is not taken.' })
  bytes!: number;

  @Field(() => String, { description: 'application/pdf, application/x-tex, text/markdown or text/plain.' })
  mediaType!: string;

  @Field(() => String, { nullable: true, description: 'Of the bytes, hex. When given, other bytes are refused.' })
  sha256?: string | null;
}

@ObjectType('HttpHeader')
export class HttpHeaderType {
  @Field(() => String)
  name!: string;

  @Field(() => String)
  value!: string;
}

@ObjectType('UploadTicket', { description: 'PUT the bytes to `url` with these headers, then call `ingestPaper`.' })
export class UploadTicketType {
  @Field(() => ID)
  uploadId!: string;

  @Field(() => String)
  url!: string;

  @Field(() => String)
  method!: string;

  @Field(() => [HttpHeaderType])
  headers!: HttpHeaderType[];

  @Field(() => Date)
  expiresAt!: Date;
}
