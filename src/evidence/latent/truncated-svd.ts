/**
 * The strongest directions of a large sparse matrix, by randomised subspace iteration: Halko, Martinsson & Tropp,
 * "Finding structure with randomness", SIAM Review 53 (2011), algorithm 4.4. Deterministic: the random start is seeded.
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Breathe } from '../../platform/share-thread.js';

/** Compressed rows: of row i, columns[starts[i] … starts[i + 1]) and their values. */
export interface SparseRows {
  rows: number;
  columns: number;
  starts: Int32Array; // rows + 1
  indexes: Int32Array;
  values: Float64Array;
}

const OVERSAMPLING = 8; // directions beyond those asked for: Halko et al. suggest 5 to 10
const EXACT_ROWS = 300; // as many directions as rows are found exactly, whatever the random start; takes half a second
const ITERATIONS = 2; // spectra of texts fall slowly; Halko et al. suggest 1 to 3
const ROWS_A_STEP = 64; // a millisecond or two
const SEED = 0x9e3779b9;
const NEGLIGIBLE = 1e-10; // of the largest eigenvalue: a direction that is not there

/** Right singular vectors, strongest first: `columns` × at most `rank`, row by row. */
export interface RightVectors {
  rank: number;
  vectors: Float64Array; // [columns × rank]
}

/** Ten seconds of a processor for 20,000 rows of texts: between rows it lets others breathe. */
export async function rightSingularVectors(matrix: SparseRows, rank: number, breathe: Breathe): Promise<RightVectors> {
  const wanted = matrix.rows <= EXACT_ROWS ? matrix.rows : rank + OVERSAMPLING;
  const width = Math.min(wanted, matrix.rows, matrix.columns);
  let basis = randomDense(matrix.rows, width);
  for (let iteration = 0; iteration <= ITERATIONS; iteration++) {
    const across = await timesTransposed(matrix, basis, breathe);
    basis = await orthonormal(await times(matrix, across, breathe), breathe);
  }
  basis = await orthonormal(basis, breathe); // a second time mends what rounding left of the first
  // Rayleigh–Ritz: within the basis, the directions along which the matrix is longest
  const across = await timesTransposed(matrix, basis, breathe);
  const { vectors, values } = strongest(await gram(across, breathe));
  const found = await scaledProduct(across, vectors, values.slice(0, rank), breathe);
  return { rank: Math.min(rank, values.length), vectors: found.values };
}

interface Dense {
  rows: number;
  width: number;
  values: Float64Array; // row by row
}

const dense = (rows: number, width: number): Dense => ({ rows, width, values: new Float64Array(rows * width) });

function randomDense(rows: number, width: number): Dense {
  const start = dense(rows, width);
  let state = SEED;
  for (let i = 0; i < start.values.length; i++) {
    // xorshift32: Marsaglia, "Xorshift RNGs", 2003
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    start.values[i] = (state >>> 0) / 2 ** 31 - 1;
  }
  return start;
}

/** matrix × right. */
async function times({ rows, starts, indexes, values }: SparseRows, right: Dense, breathe: Breathe): Promise<Dense> {
  const result = dense(rows, right.width);
  for (let row = 0; row < rows; row++) {
    if (row % ROWS_A_STEP === 0) await breathe();
    for (let at = starts[row] as number; at < (starts[row + 1] as number); at++) {
      addScaled(result, row, right, indexes[at] as number, values[at] as number);
    }
  }
  return result;
}

/** matrixᵀ × right. */
async function timesTransposed(
  { rows, columns, starts, indexes, values }: SparseRows,
  right: Dense,
  breathe: Breathe,
): Promise<Dense> {
  const result = dense(columns, right.width);
  for (let row = 0; row < rows; row++) {
    if (row % ROWS_A_STEP === 0) await breathe();
    for (let at = starts[row] as number; at < (starts[row + 1] as number); at++) {
      addScaled(result, indexes[at] as number, right, row, values[at] as number);
    }
  }
  return result;
}

function addScaled(to: Dense, toRow: number, from: Dense, fromRow: number, factor: number): void {
  const { width, values: sums } = to;
  const { values } = from;
  for (let i = 0, a = toRow * width, b = fromRow * width; i < width; i++, a++, b++) {
    sums[a] = (sums[a] as number) + factor * (values[b] as number);
  }
}

/** The same span, its directions at right angles and of length 1; those that are not there are dropped. */
async function orthonormal(basis: Dense, breathe: Breathe): Promise<Dense> {
  const { vectors, values } = strongest(await gram(basis, breathe));
  return scaledProduct(basis, vectors, values, breathe);
}

/** basisᵀ × basis: its upper triangle. */
async function gram({ rows, width, values }: Dense, breathe: Breathe): Promise<Float64Array> {
  const sums = new Float64Array(width * width);
  for (let row = 0; row < rows; row++) {
    if (row % ROWS_A_STEP === 0) await breathe();
    const start = row * width;
    for (let i = 0; i < width; i++) {
      const factor = values[start + i] as number;
      const line = i * width;
      for (let j = i; j < width; j++)
        sums[line + j] = (sums[line + j] as number) + factor * (values[start + j] as number);
    }
  }
  return sums;
}

/** Eigenvalues of a symmetric matrix, largest first, less the negligible ones; its vectors are rows of `vectors`. */
function strongest(upper: Float64Array): { vectors: Float64Array[]; values: number[] } {
  const width = Math.sqrt(upper.length);
  const matrix = Matrix.zeros(width, width);
  for (let i = 0; i < width; i++) {
    for (let j = i; j < width; j++) {
      matrix.set(i, j, upper[i * width + j] as number);
      matrix.set(j, i, upper[i * width + j] as number);
    }
  }
  const found = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  const largest = found.realEigenvalues.at(-1) ?? 0; // the library sorts them ascending
  const order = found.realEigenvalues
    .map((value, index) => ({ value, index }))
    .filter(({ value }) => value > NEGLIGIBLE * largest)
    .reverse();
  return {
    values: order.map(({ value }) => value),
    vectors: order.map(({ index }) => Float64Array.from(found.eigenvectorMatrix.getColumn(index))),
  };
}

/** basis × each vector, over the root of its eigenvalue. */
async function scaledProduct(
  basis: Dense,
  vectors: readonly Float64Array[],
  eigenvalues: readonly number[],
  breathe: Breathe,
): Promise<Dense> {
  const count = eigenvalues.length;
  const { width, values } = basis;
  const result = dense(basis.rows, count);
  const products = result.values;
  const columns = vectors.map((vector, j) => vector.map((value) => value / Math.sqrt(eigenvalues[j] as number)));
  for (let row = 0; row < basis.rows; row++) {
    if (row % ROWS_A_STEP === 0) await breathe();
    const start = row * width;
    for (let j = 0; j < count; j++) {
      const column = columns[j] as Float64Array;
      let sum = 0;
      for (let i = 0; i < width; i++) sum += (values[start + i] as number) * (column[i] as number);
      products[row * count + j] = sum;
    }
  }
  return result;
}
