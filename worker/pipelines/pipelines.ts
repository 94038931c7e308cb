/** Every kind this worker can work on, listed by hand. */
import type { Pipeline } from '../engine/stage.js';
import { INGESTION_PIPELINE } from './ingestion/stages.js';
import { RESEARCH_PIPELINE } from './research/stages.js';

export const PIPELINES: readonly Pipeline[] = [INGESTION_PIPELINE, RESEARCH_PIPELINE];
