/**
 * What can happen in a run, as plain values. A draft is what a stage or use case hands in; seq and time are given by the
 * database when it is appended. The payload of each type is declared once, here; the GraphQL types show the same fields.
 * Payloads are public: ids in them are TypeIDs, and they never carry secrets, paths or SQL.
 */
import type { RunStatus } from './run-status.js';

export const EVENT_LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;
export type EventLevel = (typeof EVENT_LEVELS)[number];

export interface EventPayloads {
  RUN_CREATED: { kind: string };
  RUN_QUEUED: { stage: string };
  STATE_CHANGED: { from: RunStatus; to: RunStatus };
  STAGE_STARTED: { attempt: number };
  STAGE_FINISHED: { attempt: number; durationMs: number };
  STAGE_PROGRESSED: { done: number; total: number | null; unit: string | null };
  PASS_COMPLETED: { pass: number; scores: Record<string, number> };
  LOG_LINE: Record<string, unknown>;
  OUTPUT_LINE: { stream: 'stdout' | 'stderr'; line: string };
  THOUGHT: { text: string };
  TOOL_CALLED: { tool: string; input: Record<string, unknown> };
  TOOL_RETURNED: { tool: string; durationMs: number; summary: string };
  SCREENSHOT_TAKEN: { artifactId: string; url: string };
  SOURCE_FOUND: { sourceId: string; title: string; score: number; connector: string };
  CLAIM_CHECKED: { text: string; verdict: string; section: string | null };
  UNCERTAINTY_FOUND: { code: string; page: number | null };
  ARTIFACT_PUBLISHED: { artifactId: string; name: string; version: number; bytes: number; sha256: string };
  INPUT_REQUESTED: { requestId: string; kind: string; prompt: string };
  INPUT_ANSWERED: { requestId: string };
  CANCEL_REQUESTED: Record<string, never>;
  ERROR_RAISED: { code: string; retryable: boolean; attempt: number; retryInMs: number | null; hint: string | null };
}

export type RunEventType = keyof EventPayloads;

export const RUN_EVENT_TYPES: readonly RunEventType[] = [
  'RUN_CREATED',
  'RUN_QUEUED',
  'STATE_CHANGED',
  'STAGE_STARTED',
  'STAGE_FINISHED',
  'STAGE_PROGRESSED',
  'PASS_COMPLETED',
  'LOG_LINE',
  'OUTPUT_LINE',
  'THOUGHT',
  'TOOL_CALLED',
  'TOOL_RETURNED',
  'SCREENSHOT_TAKEN',
  'SOURCE_FOUND',
  'CLAIM_CHECKED',
  'UNCERTAINTY_FOUND',
  'ARTIFACT_PUBLISHED',
  'INPUT_REQUESTED',
  'INPUT_ANSWERED',
  'CANCEL_REQUESTED',
  'ERROR_RAISED',
];

export type RunEventDraft = {
  [Type in RunEventType]: {
    type: Type;
    message: string;
    payload: EventPayloads[Type];
    level?: EventLevel; // INFO when absent
    stage?: string | null; // the run's current stage when absent
  };
}[RunEventType];

/** An event as it stands in the table. */
export interface RunEvent {
  seq: number;
  at: Date;
  level: EventLevel;
  stage: string | null;
  type: RunEventType;
  message: string;
  payload: Record<string, unknown>;
}

export interface EventFilter {
  stage?: string | null;
  types?: readonly RunEventType[] | null;
  minLevel?: EventLevel | null;
}

export const passes = (event: RunEvent, filter: EventFilter): boolean =>
  (!filter.stage || event.stage === filter.stage) &&
  (!filter.types || filter.types.includes(event.type)) &&
  (!filter.minLevel || EVENT_LEVELS.indexOf(event.level) >= EVENT_LEVELS.indexOf(filter.minLevel));
