/** What a worker's stages run with: made once a process, the same for each. */
import type { Database } from '../../src/platform/database/database.js';
import type { Notifier } from '../../src/platform/notifications/notifier.js';
import type { StageMetrics } from '../stage-metrics.js';
import type { ActiveStages } from './active-stages.js';
import type { DebugPoint } from './debug-point.js';
import type { Pipeline, StageServices } from './stage.js';

export interface Engine {
  database: Database;
  workerId: string;
  pipelines: ReadonlyMap<string, Pipeline>; // by kind
  services: StageServices;
  notifier: Notifier;
  active: ActiveStages;
  debugPoint: DebugPoint;
  stageTimeoutMs: number;
  maxStageAttempts: number;
  metrics: StageMetrics | null; // null: nobody asks
}
