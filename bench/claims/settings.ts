import type { TreeSettings } from './fit-trees.js';

/**
 * Many small steps: of a dozen settings tried, all lay within .496 and .508 in cross-validation, which is their noise, and
 * these changed least with the seed.
 */
export const SETTINGS: TreeSettings = { rounds: 150, rate: 0.02, leafSize: 60, ridge: 20, seed: 7 };
