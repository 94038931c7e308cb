import { RESEARCH, RESEARCH_STAGES, type ResearchStage } from '../../../src/kinds/research/research-kind.js';
import { recordedStage } from '../../engine/recorded-stage.js';
import type { Pipeline, Stage } from '../../engine/stage.js';
import { draft } from './draft.js';
import { exportReport } from './export.js';
import { factcheck } from './factcheck.js';
import { ingest } from './ingest.js';
import { outline } from './outline.js';
import { retrieve } from './retrieve.js';
import { validate } from './validate.js';

const STAGES = { retrieve, ingest, outline, draft, validate, factcheck, export: exportReport } satisfies Record<
  ResearchStage,
  Stage
>;

export const RESEARCH_PIPELINE: Pipeline = {
  kind: RESEARCH.kind,
  stageNames: RESEARCH_STAGES,
  stages: Object.fromEntries(Object.entries(STAGES).map(([name, stage]) => [name, recordedStage(stage)])),
};
