import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf } from '../platform/graphql/connection.js';
import { NodeType } from '../platform/graphql/node-type.js';
import { PROJECT_VISIBILITY, type ProjectVisibility } from './project.entity.js';

registerEnumType(PROJECT_VISIBILITY, {
  name: 'ProjectVisibility',
  valuesConfig: {
    TENANT: { description: 'Every member of the tenant sees it.' },
    PRIVATE: { description: 'Its owner sees it, and the owners of the tenant.' },
  },
});

@ObjectType('Project', { implements: NodeType, description: 'A body of work: papers, runs and artifacts.' })
export class ProjectType extends NodeType {
  @Field(() => String)
  name!: string;

  @Field(() => PROJECT_VISIBILITY)
  visibility!: ProjectVisibility;

  @Field(() => Date)
  createdAt!: Date;

  @Field(() => Date)
  lastActivityAt!: Date;

  @Field(() => Date, { nullable: true, description: 'An archived project takes nothing new.' })
  archivedAt!: Date | null;
}

export const ProjectConnection = connectionOf('Project', () => ProjectType);

@InputType('CreateProjectInput')
export class CreateProjectInput {
  @Field(() => String, { description: 'Up to 200 characters.' })
  name!: string;

  @Field(() => PROJECT_VISIBILITY, { defaultValue: PROJECT_VISIBILITY.TENANT })
  visibility!: ProjectVisibility;
}

@InputType('UpdateProjectInput', { description: 'What is absent stays as it is.' })
export class UpdateProjectInput {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { nullable: true, description: 'Up to 200 characters.' })
  name?: string | null;

  @Field(() => PROJECT_VISIBILITY, { nullable: true })
  visibility?: ProjectVisibility | null;
}
