import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf } from '../../platform/graphql/connection.js';
import { JsonScalar } from '../../platform/graphql/scalars.js';
import { AUDIT_ACTIONS, AUDIT_TARGETS, type AuditAction, type AuditTargetType } from './audit-action.js';
import { AUDIT_PROBLEMS, type AuditProblemKind } from './check-chain.js';

type Names<T> = { [K in keyof T]: K };
const namesOf = <T extends object>(record: T) =>
  Object.fromEntries(Object.keys(record).map((name) => [name, name])) as Names<T>;
const described = <T extends Record<string, string>>(record: T) =>
  Object.fromEntries(Object.entries(record).map(([name, description]) => [name, { description }])) as {
    [K in keyof T]: { description: string };
  };

export const AuditActionEnum = namesOf(AUDIT_ACTIONS);
registerEnumType(AuditActionEnum, { name: 'AuditAction', valuesConfig: described(AUDIT_ACTIONS) });

export const AuditTargetTypeEnum = namesOf(AUDIT_TARGETS);
registerEnumType(AuditTargetTypeEnum, {
  name: 'AuditTargetType',
  valuesConfig: { Blob: { description: 'Stored bytes, by their sha256.' } },
});

const AUDIT_ACTOR_KINDS = {
  USER: 'A person with a session.',
  API_KEY: 'A program with a key of that person.',
  WORKER: 'A worker, for the run that `runId` names.',
  LINK: 'Whoever held a signed link, or a recovery token.',
  NOBODY: 'Somebody who had not proven to be anybody.',
  OPERATOR: 'Whoever runs this installation, from its command line.',
} as const;
export type AuditActorKind = keyof typeof AUDIT_ACTOR_KINDS;
export const AuditActorKindEnum = namesOf(AUDIT_ACTOR_KINDS);
registerEnumType(AuditActorKindEnum, { name: 'AuditActorKind', valuesConfig: described(AUDIT_ACTOR_KINDS) });

const AuditProblemKindEnum = namesOf(AUDIT_PROBLEMS);
registerEnumType(AuditProblemKindEnum, { name: 'AuditProblemKind', valuesConfig: described(AUDIT_PROBLEMS) });

@ObjectType('AuditEntry', {
  description: 'Who did what to what, and from where. Written with the change itself, and never altered.',
})
export class AuditEntryType {
  @Field(() => Int, { description: 'Dense within the tenant: 1, 2, 3 …' })
  seq!: number;

  @Field(() => Date)
  at!: Date;

  @Field(() => AuditActionEnum)
  action!: AuditAction;

  @Field(() => AuditActorKindEnum)
  actorKind!: AuditActorKind;

  @Field(() => AuditTargetTypeEnum, { nullable: true })
  targetType!: AuditTargetType | null;

  @Field(() => String, { nullable: true })
  ip!: string | null;

  @Field(() => String, { nullable: true, description: 'Cut short after 400 characters.' })
  userAgent!: string | null;

  @Field(() => String, { nullable: true, description: 'The `x-request-id` of the request and of its answer.' })
  requestId!: string | null;

  @Field(() => JsonScalar, { description: 'Facts that go with the action.' })
  metadata!: unknown;

  @Field(() => String, { description: 'Hex sha256 over the entry and the hash of the one before it.' })
  hash!: string;
}

export const AuditEntryConnection = connectionOf('AuditEntry', () => AuditEntryType);

@InputType('AuditFilter')
export class AuditFilter {
  @Field(() => [AuditActionEnum], { nullable: true })
  actions?: AuditAction[] | null;

  @Field(() => ID, { nullable: true, description: 'What this user did, by themselves or by their API keys.' })
  actorId?: string | null;

  @Field(() => ID, { nullable: true, description: 'What was done to this; a blob by its sha256.' })
  targetId?: string | null;

  @Field(() => Date, { nullable: true, description: 'Not before.' })
  since?: Date | null;

  @Field(() => Date, { nullable: true, description: 'Before.' })
  until?: Date | null;
}

@ObjectType('AuditProblem')
export class AuditProblemType {
  @Field(() => Int, { description: 'Of the entry. For HEAD_… the last that is there.' })
  seq!: number;

  @Field(() => AuditProblemKindEnum)
  kind!: AuditProblemKind;

  @Field(() => String)
  message!: string;
}

@ObjectType('AuditVerification')
export class AuditVerificationType {
  @Field(() => Boolean)
  ok!: boolean;

  @Field(() => Int, { description: 'How many entries, from the first on, are as they were written.' })
  entries!: number;

  @Field(() => AuditProblemType, { nullable: true })
  firstProblem!: AuditProblemType | null;

  @Field(() => Int, { description: 'The last entry there is; 0 without any.' })
  headSeq!: number;

  @Field(() => Int, {
    nullable: true,
    description:
      'The last entry that the signed head vouched for. Null: none was signed yet, or it cannot be believed.',
  })
  signedSeq!: number | null;

  @Field(() => Date)
  checkedAt!: Date;
}
