import type { Line } from './lines.js';

/** A line of roman text at 72 points from the left. */
export const line = (text: string, y: number, set: Partial<Line> = {}): Line => ({
  text,
  page: 1,
  x: 72,
  endX: 300,
  y,
  size: 10,
  font: 'roman',
  startFont: 'roman',
  endFont: 'roman',
  lead: text,
  follows: false,
  pieces: [],
  ...set,
});
