import { describe, expect, it } from 'vitest';
import { classProbabilities, nameClass, SUPPORT_CLASSES } from '../../worker/tools/claims/support-model.js';
import { chooseOffsets, crossValidate } from './cross-validate.js';
import { fitTrees, generator, type TreeSettings } from './fit-trees.js';

const SETTINGS: TreeSettings = { rounds: 30, rate: 0.2, leafSize: 10, ridge: 1, seed: 1 };
const NAMES = ['overlap', 'joint', 'noise'];

/** Borne out where the overlap is large and the work cited alone; unrelated where it is small. Ten "papers". */
const random = generator(5);
const examples = Array.from({ length: 600 }, (_, index) => {
  const features = { overlap: random(), joint: random() < 0.5 ? 1 : 0, noise: random() };
  const label = features.overlap < 0.2 ? 2 : features.overlap > 0.6 && features.joint === 0 ? 0 : 1;
  return { features, label, group: String(index % 10) };
});

describe('fitTrees', () => {
  const model = fitTrees(examples, NAMES, SETTINGS);

  it('learns a rule of two questions', () => {
    const name = (overlap: number, joint: number) =>
      nameClass(classProbabilities(model, { overlap, joint, noise: 0.5 }), [0, 0, 0]);
    expect(name(0.9, 0)).toBe('BEARS_OUT');
    expect(name(0.9, 1)).toBe('FALLS_SHORT');
    expect(name(0.1, 0)).toBe('UNRELATED');
  });

  it('makes the same weights of the same examples, and others with another seed', () => {
    expect(fitTrees(examples, NAMES, SETTINGS)).toEqual(model);
    expect(fitTrees(examples, NAMES, { ...SETTINGS, seed: 2 })).not.toEqual(model);
  });

  it('answers probabilities that add up to 1', () => {
    const shares = Object.values(classProbabilities(model, { overlap: 0.5, joint: 0, noise: 0 }));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
  });
});

describe('crossValidate', () => {
  it('finds what can be learnt', () => {
    const { scores } = crossValidate(examples, NAMES, SETTINGS);
    for (const { macroF1 } of scores) expect(macroF1).toBeGreaterThan(0.9);
  });

  it('finds nothing in a label that depends on the paper alone', () => {
    const byPaper = examples.map((example) => ({
      ...example,
      features: { ...example.features, noise: Number(example.group) },
      label: Number(example.group) % 3,
    }));
    const { scores } = crossValidate(byPaper, NAMES, SETTINGS);
    for (const { macroF1 } of scores) expect(macroF1).toBeLessThan(0.6);
  });
});

describe('chooseOffsets', () => {
  it('raises a rare class whose likelihood is always the lesser', () => {
    const rare = { BEARS_OUT: 0.7, FALLS_SHORT: 0, UNRELATED: 0.3 };
    const common = { BEARS_OUT: 0.95, FALLS_SHORT: 0, UNRELATED: 0.05 };
    const offsets = chooseOffsets([rare, common, common, common], ['UNRELATED', 'BEARS_OUT', 'BEARS_OUT', 'BEARS_OUT']);
    expect(nameClass(rare, offsets)).toBe('UNRELATED');
    expect(nameClass(common, offsets)).toBe('BEARS_OUT');
    expect(SUPPORT_CLASSES).toHaveLength(offsets.length);
  });
});
