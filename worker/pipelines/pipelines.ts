/** Every kind this worker can work on, listed by hand. */
import type { Pipeline } from '../engine/stage.js';

export const PIPELINES: readonly Pipeline[] = [];
