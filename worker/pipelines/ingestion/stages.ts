/** INGESTION: every stage by its name. */
import { INGESTION, INGESTION_STAGES, type IngestionStage } from '../../../src/kinds/ingestion/ingestion-kind.js';
import type { Pipeline, Stage } from '../../engine/stage.js';
import { extract } from './extract.js';
import { fetchDocument } from './fetch.js';
import { index } from './index-paper.js';
import { markingFailure } from './mark-failure.js';
import { structure } from './structure.js';

const stages = {
  fetch: markingFailure(fetchDocument),
  extract: markingFailure(extract),
  structure: markingFailure(structure),
  index: markingFailure(index),
} satisfies Record<IngestionStage, Stage>;

export const INGESTION_PIPELINE: Pipeline = { kind: INGESTION.kind, stageNames: INGESTION_STAGES, stages };
