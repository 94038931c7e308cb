/**
 * The fitted part of the judgement: boosted trees of two questions each, which turn the facts of support-features.ts into
 * how likely passages bear a claim out, fall short of it, or have nothing to do with it. The weights are
 * support-model.json, made by `npm run fit:claims` from labelled citing sentences; nothing is learnt at run time.
 * A file that does not fit the features is refused when it is read: a weight under the wrong name judges at random.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** BEARS_OUT: the passages say it. FALLS_SHORT: they speak of it and do not say it so. UNRELATED: they do not speak of it. */
export const SUPPORT_CLASSES = ['BEARS_OUT', 'FALLS_SHORT', 'UNRELATED'] as const;
export type SupportClass = (typeof SUPPORT_CLASSES)[number];

/** "Is feature ≤ threshold?" asked twice; the leaf is added to the class's score. */
const treeSchema = z.object({
  /** Asked first; then `left` of those with yes, `right` of those with no. */
  root: z.tuple([z.string(), z.number()]),
  left: z.tuple([z.string(), z.number()]),
  right: z.tuple([z.string(), z.number()]),
  /** yes-yes, yes-no, no-yes, no-no */
  leaves: z.tuple([z.number(), z.number(), z.number(), z.number()]),
});
export type Tree = z.infer<typeof treeSchema>;

const modelSchema = z.object({
  about: z.array(z.string()),
  features: z.array(z.string()),
  /** Score of each class before any tree: the logarithm of its share of the examples. */
  prior: z.tuple([z.number(), z.number(), z.number()]),
  /** Rounds of one tree a class. */
  rounds: z.array(z.tuple([treeSchema, treeSchema, treeSchema])),
  /** Added to the scores when one class must be named: classes are unequal, and each counts the same. */
  offsets: z.tuple([z.number(), z.number(), z.number()]),
});
export type SupportModel = z.infer<typeof modelSchema>;

export type Features = Readonly<Record<string, number>>;
export type Probabilities = Record<SupportClass, number>;

/** Reads the weights; throws when they were fitted to other features than `names`. */
export function loadSupportModel(names: readonly string[]): SupportModel {
  const model = modelSchema.parse(JSON.parse(readFileSync(new URL('./support-model.json', import.meta.url), 'utf8')));
  if (model.features.join() !== names.join()) {
    throw new Error('support-model.json was fitted to other features; run npm run fit:claims again.');
  }
  return model;
}

/** How likely each class is; they add up to 1. */
export function classProbabilities(model: Pick<SupportModel, 'prior' | 'rounds'>, features: Features): Probabilities {
  const scores = [...model.prior];
  for (const round of model.rounds) {
    for (const [index, tree] of round.entries()) scores[index] = (scores[index] ?? 0) + leafOf(tree, features);
  }
  const [bearsOut = 0, fallsShort = 0, unrelated = 0] = softmax(scores);
  return { BEARS_OUT: bearsOut, FALLS_SHORT: fallsShort, UNRELATED: unrelated };
}

/** The one class to name, by the thresholds chosen in cross-validation. */
export function nameClass(probabilities: Probabilities, offsets: SupportModel['offsets']): SupportClass {
  const scores = SUPPORT_CLASSES.map((name, index) => Math.log(probabilities[name] + 1e-9) + (offsets[index] ?? 0));
  return SUPPORT_CLASSES[scores.indexOf(Math.max(...scores))] ?? 'UNRELATED';
}

function leafOf(tree: Tree, features: Features): number {
  const yes = holds(tree.root, features);
  const second = holds(yes ? tree.left : tree.right, features);
  return tree.leaves[(yes ? 0 : 2) + (second ? 0 : 1)] ?? 0;
}

const holds = ([name, threshold]: Tree['root'], features: Features) => (features[name] ?? 0) <= threshold;

export function softmax(scores: readonly number[]): number[] {
  const top = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - top));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}
