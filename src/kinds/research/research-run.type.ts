import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { BudgetInput, RunType } from '../../runs/run.type.js';
import { ConnectorName } from './connector-name.js';
import { MAX_QUESTION_CHARS } from './start-research.js';

registerEnumType(ConnectorName, {
  name: 'Connector',
  description:
    'Where a research run looks for sources. URL reads the addresses that stand in the question; LIBRARY is the project’s own.',
});

@ObjectType('ResearchRun', { implements: RunType, description: 'A question on its way to a cited report.' })
export class ResearchRunType extends RunType {}

@ObjectType('OutlineSection')
export class OutlineSectionType {
  @Field(() => String)
  heading!: string;

  @Field(() => String, { nullable: true, description: 'The clause of the question it answers, in the asker’s words.' })
  facet!: string | null;

  @Field(() => Int, {
    description: 'How many quotable sentences it can draw on; 0 when they are yet to be found by its heading.',
  })
  evidenceCount!: number;
}

@ObjectType('Outline', { description: 'The plan of a report, as proposed or as a person has edited it.' })
export class OutlineType {
  @Field(() => String)
  title!: string;

  @Field(() => [OutlineSectionType])
  sections!: OutlineSectionType[];
}

@ObjectType('ReportSentence', {
  description:
    'A claim with receipts, or prose of the report’s own: headings, transitions, stated limits. `claim` says which.',
})
export class ReportSentenceType {
  @Field(() => String, { description: 'As it stands in the Markdown between the offsets.' })
  text!: string;

  @Field(() => Int, { description: 'UTF-8 bytes into `Report.markdown`.' })
  startOffset!: number;

  @Field(() => Int, { description: 'Half-open: the first byte after the sentence.' })
  endOffset!: number;
}

@ObjectType('ReportSection')
export class ReportSectionType {
  @Field(() => String)
  heading!: string;

  @Field(() => Int)
  level!: number;

  @Field(() => [ReportSentenceType])
  sentences!: ReportSentenceType[];
}

@ObjectType('Report', { description: 'The same text as the artifact report.md, with its sentences told apart.' })
export class ReportType {
  @Field(() => String)
  title!: string;

  @Field(() => String)
  markdown!: string;

  @Field(() => [ReportSectionType])
  sections!: ReportSectionType[];

  @Field(() => Int)
  wordCount!: number;
}

@InputType('StartResearchInput')
export class StartResearchInput {
  @Field(() => ID)
  projectId!: string;

  @Field(() => String, { description: `Up to ${MAX_QUESTION_CHARS} characters.` })
  question!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Unique in your tenant. The same id with the same input gives the same run: repeat a call whose reply was lost.',
  })
  clientRequestId?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Waits after the outline until `answerInputRequest`; false if absent.',
  })
  approveOutline?: boolean | null;

  @Field(() => Int, { nullable: true, description: '1 to 200 sources are read; 20 if absent.' })
  maxSources?: number | null;

  @Field(() => [ConnectorName], {
    nullable: true,
    description:
      'Where else to look for sources; what is found joins the project’s library, which is always searched. Only those the operator allows; LIBRARY alone if absent: then nothing leaves the machine.',
  })
  connectors?: ConnectorName[] | null;

  @Field(() => BudgetInput, { nullable: true })
  budget?: BudgetInput | null;
}
