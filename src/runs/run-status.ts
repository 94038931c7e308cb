/**
 * The states of a run and the moves between them: the one table that `transitionRun` checks.
 *
 *   CREATED ─► QUEUED ─► RUNNING ─┬─► SUCCEEDED
 *                ▲  ▲       │     ├─► FAILED ────┐
 *                │  │       ▼     ├─► TIMED_OUT ─┤ retry
 *                │  └──── BLOCKED └─► CANCELED   │
 *                └───────────────────────────────┘
 *
 * QUEUED and BLOCKED may be canceled at once. A QUEUED run may fail without being claimed (its job is poison).
 */
export const RunStatus = {
  CREATED: 'CREATED',
  QUEUED: 'QUEUED',
  RUNNING: 'RUNNING',
  BLOCKED: 'BLOCKED',
  SUCCEEDED: 'SUCCEEDED',
  FAILED: 'FAILED',
  CANCELED: 'CANCELED',
  TIMED_OUT: 'TIMED_OUT',
} as const;
export type RunStatus = (typeof RunStatus)[keyof typeof RunStatus];

/**
 * RUNNING → RUNNING is the hand-over from one stage to the next, or back to the queue after a transient error.
 * QUEUED → QUEUED is the sweeper giving a run whose job was lost a new one.
 */
const TRANSITIONS: Readonly<Record<RunStatus, readonly RunStatus[]>> = {
  CREATED: ['QUEUED'],
  QUEUED: ['QUEUED', 'RUNNING', 'CANCELED', 'FAILED'],
  RUNNING: ['RUNNING', 'BLOCKED', 'SUCCEEDED', 'FAILED', 'CANCELED', 'TIMED_OUT'],
  BLOCKED: ['QUEUED', 'CANCELED'],
  SUCCEEDED: [],
  FAILED: ['QUEUED'],
  CANCELED: [],
  TIMED_OUT: ['QUEUED'],
};

const TERMINAL: readonly RunStatus[] = ['SUCCEEDED', 'FAILED', 'CANCELED', 'TIMED_OUT'];
const RETRYABLE: readonly RunStatus[] = ['FAILED', 'TIMED_OUT', 'BLOCKED'];

export const isTerminal = (status: RunStatus): boolean => TERMINAL.includes(status);
export const isRetryable = (status: RunStatus): boolean => RETRYABLE.includes(status);

/** The statuses a run may hold when it moves to `to`. */
export const sourcesOf = (to: RunStatus): RunStatus[] =>
  (Object.keys(TRANSITIONS) as RunStatus[]).filter((from) => TRANSITIONS[from].includes(to));

export const StageStatus = {
  PENDING: 'PENDING',
  RUNNING: 'RUNNING',
  SUCCEEDED: 'SUCCEEDED',
  FAILED: 'FAILED',
  CANCELED: 'CANCELED',
} as const;
export type StageStatus = (typeof StageStatus)[keyof typeof StageStatus];
