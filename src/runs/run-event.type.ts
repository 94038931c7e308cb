/** Events as GraphQL shows them: one interface, one object type per event type, each with its payload's fields. */
import { Field, Float, ID, Int, InterfaceType, ObjectType, registerEnumType } from 'type-graphql';
import { JsonScalar } from '../platform/graphql/scalars.js';
import {
  EVENT_LEVELS,
  type EventLevel,
  type RunEventType as EventTypeName,
  RUN_EVENT_TYPES,
  type RunEvent,
} from './run-event.js';
import { RunStatus } from './run-status.js';

const enumOf = <T extends string>(values: readonly T[]) =>
  Object.fromEntries(values.map((value) => [value, value])) as { [K in T]: K };

export const EventLevelEnum = enumOf(EVENT_LEVELS);
export const RunEventTypeEnum = enumOf(RUN_EVENT_TYPES);
registerEnumType(EventLevelEnum, { name: 'EventLevel' });
registerEnumType(RunEventTypeEnum, { name: 'RunEventType' });

/** `STAGE_STARTED` → `StageStarted` */
const typeNameOf = (type: EventTypeName): string =>
  type
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('');

/** The typed fields of an event are those of its payload, laid beside its own, which win. */
export const withTypedFields = (events: readonly RunEvent[]): RunEvent[] =>
  events.map((event) => ({ ...event.payload, ...event }));

@InterfaceType('RunEvent', {
  description: 'One entry of a run’s timeline. `seq` is dense: 1, 2, 3 … without a gap.',
  resolveType: (event: RunEvent) => typeNameOf(event.type),
})
export abstract class RunEventType {
  @Field(() => Int)
  seq!: number;

  @Field(() => Date)
  at!: Date;

  @Field(() => EventLevelEnum)
  level!: EventLevel;

  @Field(() => String, { nullable: true })
  stage!: string | null;

  @Field(() => RunEventTypeEnum)
  type!: EventTypeName;

  @Field(() => String)
  message!: string;

  @Field(() => JsonScalar)
  payload!: Record<string, unknown>;
}

type FieldType = () => unknown;
const text: FieldType = () => String;
const integer: FieldType = () => Int;
const number: FieldType = () => Float;
const id: FieldType = () => ID;
const json: FieldType = () => JsonScalar;
const flag: FieldType = () => Boolean;
const status: FieldType = () => RunStatus;

/** The typed fields of each event type; all nullable, so that an old event without one still reads. */
const FIELDS: Record<EventTypeName, Record<string, FieldType>> = {
  RUN_CREATED: { kind: text },
  RUN_QUEUED: {},
  STATE_CHANGED: { from: status, to: status },
  STAGE_STARTED: { attempt: integer },
  STAGE_FINISHED: { attempt: integer, durationMs: number },
  STAGE_PROGRESSED: { done: integer, total: integer, unit: text },
  PASS_COMPLETED: { pass: integer, scores: json },
  LOG_LINE: {},
  OUTPUT_LINE: { stream: text, line: text },
  THOUGHT: { text },
  TOOL_CALLED: { tool: text, input: json },
  TOOL_RETURNED: { tool: text, durationMs: number, summary: text },
  SCREENSHOT_TAKEN: { artifactId: id, url: text },
  SOURCE_FOUND: { sourceId: id, title: text, score: number, connector: text },
  CLAIM_CHECKED: { text, verdict: text, section: text },
  UNCERTAINTY_FOUND: { code: text, page: integer },
  ARTIFACT_PUBLISHED: { artifactId: id, name: text, version: integer, bytes: number, sha256: text },
  INPUT_REQUESTED: { requestId: id, kind: text, prompt: text },
  INPUT_ANSWERED: { requestId: id },
  CANCEL_REQUESTED: {},
  ERROR_RAISED: { code: text, retryable: flag, attempt: integer, retryInMs: integer, hint: text },
};

/** The object types, declared from the table above; the composition root lists them as orphaned types. */
export const RUN_EVENT_OBJECT_TYPES: (new () => RunEventType)[] = RUN_EVENT_TYPES.map((type) => {
  class Event extends RunEventType {}
  for (const [name, fieldType] of Object.entries(FIELDS[type])) {
    Field(fieldType as () => typeof String, { nullable: true })(Event.prototype, name);
  }
  ObjectType(typeNameOf(type), { implements: RunEventType })(Event);
  return Event;
});

@ObjectType('RunEventBatch')
export class RunEventBatchType {
  @Field(() => [RunEventType])
  events!: RunEvent[];

  @Field(() => Int, { description: 'Send it as `after` to go on from here.' })
  cursor!: number;

  @Field(() => Boolean, { description: 'Nothing newer stood in the timeline when this batch was read.' })
  caughtUp!: boolean;
}
