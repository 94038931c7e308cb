/** Vectors of length 1, and how Postgres reads them. */

/** A vector of zeros stays one. */
export function unit<V extends Float64Array | Float32Array>(vector: V): V {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  return length === 0 ? vector : (vector.map((value) => value / length) as V);
}

/** As Postgres reads a real[]; six digits are what a real holds. */
export const literal = (vector: Float64Array | Float32Array): string =>
  `{${Array.from(vector, (x) => x.toPrecision(6)).join(',')}}`;
