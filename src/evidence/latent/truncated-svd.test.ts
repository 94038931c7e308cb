import { Matrix, SVD } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { shareThread } from '../../platform/share-thread.js';
import { rightSingularVectors, type SparseRows } from './truncated-svd.js';

/** Every third value is missing; the rest are figures without a pattern. */
function sparse(rows: number, columns: number): { sparseRows: SparseRows; matrix: Matrix } {
  const matrix = Matrix.zeros(rows, columns);
  const starts = [0];
  const indexes: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      if ((i + j) % 3 === 0) continue;
      const value = Math.sin(i * 12.9898 + j * 78.233) + (j < 3 ? 2 / (j + 1) : 0);
      matrix.set(i, j, value);
      indexes.push(j);
      values.push(value);
    }
    starts.push(indexes.length);
  }
  const sparseRows = {
    rows,
    columns,
    starts: Int32Array.from(starts),
    indexes: Int32Array.from(indexes),
    values: Float64Array.from(values),
  };
  return { sparseRows, matrix };
}

const breathe = shareThread();

describe('rightSingularVectors', () => {
  it('spans what the exact decomposition spans', async () => {
    const { sparseRows, matrix } = sparse(40, 25);
    const { rank, vectors } = await rightSingularVectors(sparseRows, 3, breathe);
    expect(rank).toBe(3);
    const exact = new SVD(matrix).rightSingularVectors;
    for (let direction = 0; direction < 3; direction++) {
      let cosine = 0;
      for (let j = 0; j < 25; j++) cosine += exact.get(j, direction) * (vectors[j * rank + direction] ?? 0);
      expect(Math.abs(cosine)).toBeCloseTo(1, 3);
    }
  });

  it('gives directions of length 1 at right angles', async () => {
    const { rank, vectors } = await rightSingularVectors(sparse(30, 50).sparseRows, 10, breathe);
    const V = Matrix.from1DArray(50, rank, [...vectors]);
    const products = V.transpose().mmul(V);
    expect(products.sub(Matrix.eye(rank)).norm()).toBeLessThan(1e-8);
  });

  it('gives no more directions than there are', async () => {
    expect((await rightSingularVectors(sparse(4, 25).sparseRows, 10, breathe)).rank).toBe(4);
  });

  it('is the same each time', async () => {
    const { sparseRows } = sparse(20, 20);
    const find = () => rightSingularVectors(sparseRows, 5, breathe);
    expect(await find()).toEqual(await find());
  });

  it('stops when it is told to', async () => {
    const stopped = rightSingularVectors(sparse(400, 400).sparseRows, 100, shareThread(AbortSignal.abort('CANCELED')));
    await expect(stopped).rejects.toBe('CANCELED');
  });
});
