/** The pieces of a structured paper as the API shows them. What each is stands in structured-paper.ts. */
import { Field, Float, InputType, Int, InterfaceType, ObjectType, registerEnumType } from 'type-graphql';
import { type PaperField, SECTION_ROLES, type SectionRole } from './structured-paper.js';

export const SectionRoles = Object.fromEntries(SECTION_ROLES.map((role) => [role, role])) as {
  [Role in SectionRole]: Role;
};

registerEnumType(SectionRoles, {
  name: 'SectionRole',
  description: 'What a section is for.',
  valuesConfig: {
    PROBLEM: { description: 'Introduction, motivation, aims.' },
    BACKGROUND: { description: 'Theory and notation that the paper builds on.' },
    RELATED: { description: 'What others did.' },
    TRAINING: { description: 'How a model was fitted.' },
    DATA: { description: 'Materials, participants, corpora.' },
    EVALUATION: { description: 'Experiments and results.' },
    DISCUSSION: { description: 'What the results mean, and their limits.' },
  },
});

@ObjectType('Box', { description: 'A rectangle on a page, in points (1/72 inch) from its upper left corner.' })
export class BoxType {
  @Field(() => Float)
  x!: number;

  @Field(() => Float)
  y!: number;

  @Field(() => Float)
  width!: number;

  @Field(() => Float)
  height!: number;
}

@InputType('BoxInput', { description: 'A `Box`, to be marked on a page.' })
export class BoxInput {
  @Field(() => Float)
  x!: number;

  @Field(() => Float)
  y!: number;

  @Field(() => Float)
  width!: number;

  @Field(() => Float)
  height!: number;
}

@ObjectType('PageBox', { description: 'A rectangle and the page it lies on.' })
export class PageBoxType {
  @Field(() => Int)
  page!: number;

  @Field(() => BoxType)
  box!: BoxType;
}

@InterfaceType('Located', {
  description:
    'Where a piece of a paper stands: bytes of the snapshot’s text, and the page and box they were read from.',
})
export abstract class LocatedType {
  @Field(() => Int, { description: 'UTF-8 bytes into the snapshot, half-open.' })
  startOffset!: number;

  @Field(() => Int)
  endOffset!: number;

  @Field(() => Int, { nullable: true, description: 'Where it begins, counted from 1. Null when the format has none.' })
  page!: number | null;

  @Field(() => BoxType, { nullable: true, description: 'Around as much of it as stands on that page.' })
  box!: BoxType | null;
}

@ObjectType('Place', { implements: LocatedType })
export class PlaceType extends LocatedType {}

@ObjectType('Author')
export class AuthorType {
  @Field(() => String)
  name!: string;
}

@ObjectType('PaperSection', {
  implements: LocatedType,
  description: 'A heading and what stands under it up to the next one. The place is that of the heading.',
})
export class PaperSectionType extends LocatedType {
  @Field(() => String, { description: 'With its number, as printed.' })
  heading!: string;

  @Field(() => Int, { description: '1 is a top-level section.' })
  level!: number;

  @Field(() => SectionRoles)
  role!: SectionRole;

  @Field(() => String, { description: 'Paragraphs, a blank line between; without figures, tables and captions.' })
  text!: string;
}

@ObjectType('Equation', { implements: LocatedType })
export class EquationType extends LocatedType {
  @Field(() => String, { nullable: true, description: 'As printed, without brackets.' })
  number!: string | null;

  @Field(() => String, { description: 'As the document’s text has it: linear, seldom exact.' })
  text!: string;
}

@ObjectType('PaperTable', { implements: LocatedType })
export class PaperTableType extends LocatedType {
  @Field(() => String, { nullable: true, description: 'Such as “Table 2”.' })
  label!: string | null;

  @Field(() => String, { nullable: true })
  caption!: string | null;

  @Field(() => [[String]], { description: 'Cells, row by row; empty when only the caption could be read.' })
  rows!: string[][];
}

@ObjectType('Figure', { implements: LocatedType, description: 'The place is that of the caption.' })
export class FigureType extends LocatedType {
  @Field(() => String, { nullable: true, description: 'Such as “Figure 2”.' })
  label!: string | null;

  @Field(() => String)
  caption!: string;
}

@ObjectType('Reference', { implements: LocatedType, description: 'An entry of the reference list.' })
export class ReferenceType extends LocatedType {
  @Field(() => String, { nullable: true, description: 'As the list prints it, without brackets: 12, KB14.' })
  label!: string | null;

  @Field(() => String, { description: 'The whole entry on one line.' })
  raw!: string;

  @Field(() => String, { nullable: true })
  title!: string | null;

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
}

@ObjectType('Citation', {
  implements: LocatedType,
  description: 'A mark in the text that points into the reference list.',
})
export class CitationType extends LocatedType {
  @Field(() => String, { description: 'Such as “[3, 7–9]”.' })
  text!: string;

  @Field(() => [Int], { description: 'Places in `Paper.references`, counted from 0.' })
  referenceIndexes!: number[];

  @Field(() => [ReferenceType])
  references!: ReferenceType[];
}

@ObjectType('Mention', { implements: LocatedType })
export class MentionType extends LocatedType {
  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'In which it is mentioned.' })
  sentence!: string;
}

@ObjectType('MetricMention', { implements: LocatedType, description: 'A measure with the value the paper reports.' })
export class MetricMentionType extends LocatedType {
  @Field(() => String)
  name!: string;

  @Field(() => Float, { nullable: true })
  value!: number | null;

  @Field(() => String, { nullable: true })
  unit!: string | null;

  @Field(() => String, { description: 'The value as printed.' })
  raw!: string;

  @Field(() => String, { description: 'In which it is reported, or the row of the table.' })
  sentence!: string;
}

@ObjectType('FieldConfidence')
export class FieldConfidenceType {
  @Field(() => String, { description: 'A field of `Paper`.' })
  field!: PaperField;

  @Field(() => Float, { description: 'How likely the field is right: 0 to 1.' })
  score!: number;

  @Field(() => String, { description: 'The facts that the score rests on.' })
  basis!: string;
}

@ObjectType('Uncertainty', { description: 'Something a reader should know before relying on the result.' })
export class UncertaintyType {
  @Field(() => String)
  code!: string;

  @Field(() => String)
  message!: string;

  @Field(() => Int, { nullable: true, description: 'Of the paper, where it is about one.' })
  page?: number | null;
}
