import { describe, expect, it } from 'vitest';
import { type Measurement, meets, toTable } from './report.js';

const measurement = (over: Partial<Measurement>): Measurement => ({
  what: 'appends',
  ours: '9/s',
  baseline: 'without: 10/s',
  ratio: 0.9,
  wanted: '≥ 0.95',
  rounds: 3,
  ...over,
});

describe('what is wanted of a ratio', () => {
  it.each([
    ['≥ 0.8', 0.8, true],
    ['≥ 0.8', 0.79, false],
    ['≤ 0.05', 0.05, true],
    ['≤ 0.05', 0.051, false],
    ['≤ 0.05', Number.NaN, false],
    ['0.95 to 1.05', 0.95, true],
    ['0.95 to 1.05', 1.05, true],
    ['0.95 to 1.05', 0.949, false],
    ['0.95 to 1.05', 1.051, false],
    ['0.95 to 1.05', Number.NaN, false],
    ['', 12, null],
  ])('%s of %d: %s', (wanted, ratio, met) => {
    expect(meets({ wanted, ratio })).toBe(met);
  });
});

describe('the table', () => {
  it('is Markdown whose columns stand below each other', () => {
    const table = toTable([measurement({}), measurement({ what: 'requests over HTTP', wanted: '', ratio: 12 })]);
    const lines = table.split('\n');
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    expect(lines.map((line) => line.split('|').map((cell) => cell.trim()))).toEqual([
      ['', 'measured', 'ours', 'baseline', 'ratio', 'wanted', 'met', 'rounds', ''],
      expect.arrayContaining([expect.stringMatching(/^-+$/)]),
      ['', 'appends', '9/s', 'without: 10/s', '0.900', '≥ 0.95', 'NO', '3', ''],
      ['', 'requests over HTTP', '9/s', 'without: 10/s', '12.000', '', '', '3', ''],
    ]);
  });
});
