/**
 * Cross-validation by cited paper: no paper is in two parts, so a figure says what happens on papers not seen before. The
 * offsets that a part is scored with are chosen on the other parts alone.
 */
import {
  classProbabilities,
  nameClass,
  type Probabilities,
  SUPPORT_CLASSES,
  type SupportClass,
  type SupportModel,
} from '../../worker/tools/claims/support-model.js';
import { type Scores, scoreClasses } from './class-scores.js';
import { type Example, fitTrees, generator, type TreeSettings } from './fit-trees.js';

export interface GroupedExample extends Example {
  /** The cited paper. */
  group: string;
}

const PARTS = 5;
const SHUFFLES = 6; // ways of parting the papers; figures are means, offsets too

export interface CrossValidation {
  /** One a shuffle. */
  scores: Scores[];
  /** Mean of those chosen on all held-out answers of a shuffle: for the model fitted on everything. */
  offsets: SupportModel['offsets'];
}

export function crossValidate(
  examples: readonly GroupedExample[],
  names: readonly string[],
  settings: TreeSettings,
): CrossValidation {
  const gold = examples.map(labelOf);
  const scores: Scores[] = [];
  const chosen: SupportModel['offsets'][] = [];
  for (let shuffle = 0; shuffle < SHUFFLES; shuffle += 1) {
    const parts = partOf(examples, generator(1000 + shuffle));
    const held: Probabilities[] = examples.map(() => ({ BEARS_OUT: 0, FALLS_SHORT: 0, UNRELATED: 0 }));
    for (let part = 0; part < PARTS; part += 1) {
      const model = fitTrees(
        examples.filter((_, index) => parts[index] !== part),
        names,
        settings,
      );
      for (const [index, example] of examples.entries()) {
        if (parts[index] === part) held[index] = classProbabilities(model, example.features);
      }
    }
    const said: SupportClass[] = [];
    for (let part = 0; part < PARTS; part += 1) {
      const others = examples.flatMap((_, index) => (parts[index] === part ? [] : [index]));
      const offsets = chooseOffsets(pick(held, others), pick(gold, others));
      for (const [index, probabilities] of held.entries()) {
        if (parts[index] === part) said[index] = nameClass(probabilities, offsets);
      }
    }
    scores.push(scoreClasses(SUPPORT_CLASSES, gold, said));
    chosen.push(chooseOffsets(held, gold));
  }
  const mean = (at: 1 | 2) =>
    Math.round((chosen.reduce((sum, offsets) => sum + offsets[at], 0) / SHUFFLES) * 100) / 100;
  return { scores, offsets: [0, mean(1), mean(2)] };
}

const labelOf = (example: Example): SupportClass => SUPPORT_CLASSES[example.label] ?? 'UNRELATED';
const pick = <T>(list: readonly T[], at: readonly number[]): T[] =>
  at.flatMap((index) => (list[index] === undefined ? [] : [list[index]]));

function partOf(examples: readonly GroupedExample[], random: () => number): number[] {
  const drawn = new Map<string, number>();
  for (const { group } of examples) if (!drawn.has(group)) drawn.set(group, random());
  const order = [...drawn].sort((a, b) => a[1] - b[1]).map(([group]) => group);
  const part = new Map(order.map((group, index) => [group, index % PARTS]));
  return examples.map(({ group }) => part.get(group) ?? 0);
}

const STEP = 0.1;

/**
 * The offsets of the second and third class under which macro-F1 is greatest. The figure jumps from step to step by
 * chance, so each offset is judged by its neighbourhood: the mean over the steps around it.
 */
export function chooseOffsets(
  probabilities: readonly Probabilities[],
  gold: readonly SupportClass[],
): SupportModel['offsets'] {
  const seconds = Array.from({ length: 20 }, (_, index) => -0.4 + index * STEP);
  const thirds = Array.from({ length: 26 }, (_, index) => index * STEP);
  const labels = Int8Array.from(gold, (name) => SUPPORT_CLASSES.indexOf(name));
  const logs = probabilities.map((each) => SUPPORT_CLASSES.map((name) => Math.log(each[name] + 1e-9)));
  const grid = seconds.map((second) => thirds.map((third) => macroF1(logs, labels, second, third)));
  let best = { second: 0, third: 0, mean: -1 };
  for (const [row, second] of seconds.entries()) {
    for (const [column, third] of thirds.entries()) {
      const around = [-2, -1, 0, 1, 2].flatMap((dy) =>
        [-2, -1, 0, 1, 2].flatMap((dx) => grid[row + dy]?.[column + dx] ?? []),
      );
      const mean = around.reduce((sum, value) => sum + value, 0) / around.length;
      if (mean > best.mean) best = { second, third, mean };
    }
  }
  return [0, best.second, best.third];
}

function macroF1(logs: readonly number[][], labels: Int8Array, second: number, third: number): number {
  const hits = [0, 0, 0];
  const sizes = [0, 0, 0];
  for (const [index, [a = 0, b = 0, c = 0]] of logs.entries()) {
    const said = c + third > Math.max(a, b + second) ? 2 : b + second > a ? 1 : 0;
    const label = labels[index] ?? 0;
    sizes[said] = (sizes[said] ?? 0) + 1;
    sizes[label] = (sizes[label] ?? 0) + 1;
    if (said === label) hits[said] = (hits[said] ?? 0) + 1;
  }
  return hits.reduce((sum, hit, label) => sum + (2 * hit) / Math.max(1, sizes[label] ?? 0), 0) / 3;
}
