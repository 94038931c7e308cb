/**
 * Gradient boosting of two-question trees for three classes (softmax loss, one Newton step a leaf). Features are cut at
 * quantiles; each round sees half of the examples and a third of the features, drawn by a seeded generator, so that the
 * same examples give the same weights.
 */
import { type Features, type SupportModel, softmax, type Tree } from '../../worker/tools/claims/support-model.js';

export interface Example {
  features: Features;
  /** Index into SUPPORT_CLASSES. */
  label: number;
}

export interface TreeSettings {
  rounds: number;
  /** How much of each leaf is added. */
  rate: number;
  /** Examples a leaf must have. */
  leafSize: number;
  /** Added to the second derivative of a leaf: draws small leaves to nothing. */
  ridge: number;
  seed: number;
}

const CUTS = 24; // thresholds tried a feature
const ROWS_SHARE = 0.5;
const COLUMNS_SHARE = 0.35;

/** Fits prior and rounds to the examples. */
export function fitTrees(
  examples: readonly Example[],
  names: readonly string[],
  settings: TreeSettings,
): Pick<SupportModel, 'prior' | 'rounds'> {
  const random = generator(settings.seed);
  const columns = names.map((name) => bin(examples.map((example) => example.features[name] ?? 0)));
  const labels = examples.map((example) => example.label);
  const prior = [0, 1, 2].map((label) =>
    Math.log((labels.filter((other) => other === label).length + 1) / (labels.length + 3)),
  ) as [number, number, number];
  const scores = examples.map(() => [...prior]);
  const rounds: SupportModel['rounds'] = [];
  for (let round = 0; round < settings.rounds; round += 1) {
    const rows = labels.flatMap((_, index) => (random() < ROWS_SHARE ? [index] : []));
    const chosen = names.flatMap((_, index) => (random() < COLUMNS_SHARE ? [index] : []));
    const probabilities = scores.map(softmax);
    const trees = [0, 1, 2].map((label): Tree => {
      const gradient = labels.map((own, row) => (own === label ? 1 : 0) - (probabilities[row]?.[label] ?? 0));
      const curvature = probabilities.map((shares) => {
        const share = shares[label] ?? 0;
        return share * (1 - share);
      });
      const sums: Sums = { gradient, curvature, columns, chosen, settings };
      const root = bestCut(rows, sums);
      const [yes, no] = part(rows, columns, root);
      const left = bestCut(yes, sums);
      const right = bestCut(no, sums);
      const parts = [...part(yes, columns, left), ...part(no, columns, right)];
      const leaves = parts.map((members) => round4(settings.rate * newton(members, sums)));
      for (const [row] of labels.entries()) {
        const isYes = under(columns, root, row);
        const isSecond = under(columns, isYes ? left : right, row);
        const own = scores[row];
        if (own) own[label] = (own[label] ?? 0) + (leaves[(isYes ? 0 : 2) + (isSecond ? 0 : 1)] ?? 0);
      }
      const [a = 0, b = 0, c = 0, d = 0] = leaves;
      return { root: named(root), left: named(left), right: named(right), leaves: [a, b, c, d] };
    });
    rounds.push(trees as SupportModel['rounds'][number]);
  }
  return { prior: prior.map(round4) as [number, number, number], rounds };

  function named(cut: Cut): [string, number] {
    return [names[cut.column] ?? '', columns[cut.column]?.cuts[cut.bin] ?? 0];
  }
}

interface Column {
  /** Bin of each row: the number of cuts below its value. */
  bins: Uint8Array;
  cuts: number[];
}

function bin(values: readonly number[]): Column {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  const cuts = [...new Set(Array.from({ length: CUTS }, (_, index) => round4(at((index + 1) / (CUTS + 1)))))];
  return { cuts, bins: Uint8Array.from(values, (value) => cuts.filter((cut) => value > cut).length) };
}

interface Cut {
  column: number;
  bin: number;
}

interface Sums {
  gradient: readonly number[];
  curvature: readonly number[];
  columns: readonly Column[];
  chosen: readonly number[];
  settings: TreeSettings;
}

/** The cut with the greatest gain; one that parts nothing when no cut leaves enough on both sides. */
function bestCut(rows: readonly number[], { gradient, curvature, columns, chosen, settings }: Sums): Cut {
  let best: Cut & { gain: number } = { column: chosen[0] ?? 0, bin: 0, gain: Number.NEGATIVE_INFINITY };
  const gainOf = (g: number, h: number) => (g * g) / (h + settings.ridge);
  for (const column of chosen) {
    const { bins, cuts } = columns[column] ?? { bins: new Uint8Array(), cuts: [] };
    const g = new Float64Array(cuts.length + 1);
    const h = new Float64Array(cuts.length + 1);
    const n = new Uint32Array(cuts.length + 1);
    for (const row of rows) {
      const at = bins[row] ?? 0;
      g[at] = (g[at] ?? 0) + (gradient[row] ?? 0);
      h[at] = (h[at] ?? 0) + (curvature[row] ?? 0);
      n[at] = (n[at] ?? 0) + 1;
    }
    const totalG = g.reduce((sum, value) => sum + value, 0);
    const totalH = h.reduce((sum, value) => sum + value, 0);
    let leftG = 0;
    let leftH = 0;
    let leftN = 0;
    for (const index of cuts.keys()) {
      leftG += g[index] ?? 0;
      leftH += h[index] ?? 0;
      leftN += n[index] ?? 0;
      if (leftN < settings.leafSize || rows.length - leftN < settings.leafSize) continue;
      const gain = gainOf(leftG, leftH) + gainOf(totalG - leftG, totalH - leftH);
      if (gain > best.gain) best = { column, bin: index, gain };
    }
  }
  return best;
}

const under = (columns: readonly Column[], cut: Cut, row: number) => (columns[cut.column]?.bins[row] ?? 0) <= cut.bin;

function part(rows: readonly number[], columns: readonly Column[], cut: Cut): [number[], number[]] {
  const yes = rows.filter((row) => under(columns, cut, row));
  const no = rows.filter((row) => !under(columns, cut, row));
  return [yes, no];
}

function newton(rows: readonly number[], { gradient, curvature, settings }: Sums): number {
  let g = 0;
  let h = settings.ridge;
  for (const row of rows) {
    g += gradient[row] ?? 0;
    h += curvature[row] ?? 0;
  }
  return g / h;
}

const round4 = (value: number) => Math.round(value * 10_000) / 10_000;

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
