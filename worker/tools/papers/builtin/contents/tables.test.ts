import { describe, expect, it } from 'vitest';
import { readFigures } from './figures.js';
import { readTableMetrics } from './table-metrics.js';
import { doubtsOfTables, readTables } from './tables.js';
import { type Placed, prose, typeset } from './typeset.fixture.js';

const tablesOf = (...pages: readonly (readonly Placed[])[]) => readTables(typeset(...pages).captions);
const rowsOf = (...placed: readonly Placed[]) => tablesOf(placed)[0]?.table.rows;

const CAPTION: Placed = [100, 280, 'Table 1: Results on the test set.', 9];

describe('a table', () => {
  it('is read cell by cell under its caption, up to the running text', () => {
    const rows = rowsOf(
      ...prose(200),
      CAPTION,
      [100, 300, 'Model', 9],
      [200, 300, 'BLEU', 9],
      [300, 300, 'PPL', 9],
      [100, 312, 'Baseline', 9],
      [200, 312, '23.7', 9],
      [300, 312, '6.11', 9],
      [100, 324, 'Ours', 9],
      [200, 324, '28.4', 9],
      [300, 324, '4.33', 9],
      ...prose(360),
    );
    expect(rows).toEqual([
      ['Model', 'BLEU', 'PPL'],
      ['Baseline', '23.7', '6.11'],
      ['Ours', '28.4', '4.33'],
    ]);
  });

  it('may stand above its caption', () => {
    const rows = rowsOf(
      ...prose(200),
      [100, 270, 'dim', 9],
      [200, 270, '4096', 9],
      [100, 282, 'heads', 9],
      [200, 282, '32', 9],
      [100, 294, 'layers', 9],
      [200, 294, '12', 9],
      [100, 312, 'Table 2. Architecture.', 9],
      ...prose(350),
    );
    expect(rows).toEqual([
      ['dim', '4096'],
      ['heads', '32'],
      ['layers', '12'],
    ]);
  });

  it('keeps empty cells empty, and names columns by all lines of the header that stand over them', () => {
    const rows = rowsOf(
      ...prose(200),
      CAPTION,
      [215, 300, 'BLEU score', 9],
      [100, 312, 'Model', 9],
      [200, 312, 'EN-DE', 9],
      [250, 312, 'EN-FR', 9],
      [100, 324, 'First', 9],
      [200, 324, '23.75', 9],
      [100, 336, 'Second', 9],
      [250, 336, '39.20', 9],
      [100, 348, 'Third', 9],
      [200, 348, '28.40', 9],
      [250, 348, '41.80', 9],
      ...prose(390),
    );
    expect(rows).toEqual([
      ['Model', 'BLEU score EN-DE', 'BLEU score EN-FR'],
      ['First', '23.75', ''],
      ['Second', '', '39.20'],
      ['Third', '28.40', '41.80'],
    ]);
  });

  it('joins a cell that takes two lines, where rows are set wider than lines', () => {
    const rows = rowsOf(
      ...prose(200),
      CAPTION,
      [100, 300, 'Group', 9],
      [250, 300, 'Count', 9],
      [100, 318, 'A very long', 9],
      [250, 318, '50', 9],
      [100, 328, 'name', 9],
      [100, 346, 'Short', 9],
      [250, 346, '15', 9],
      [100, 364, 'Another', 9],
      [250, 364, '70', 9],
      ...prose(400),
    );
    expect(rows).toEqual([
      ['Group', 'Count'],
      ['A very long name', '50'],
      ['Short', '15'],
      ['Another', '70'],
    ]);
  });

  it('parts figures that are set close, and heads each', () => {
    const rows = rowsOf(
      ...prose(200),
      CAPTION,
      [100, 300, 'Model', 9],
      [200, 300, 'PIQA  ARCE  ARCC', 9],
      [100, 312, 'One', 9],
      [200, 312, '44.4% 77.1% 69.5%', 9],
      [100, 324, 'Two', 9],
      [200, 324, '55.6% 80.7% 72.9%', 9],
      [100, 336, 'Three', 9],
      [200, 336, '36.9% 62.9% 62.3%', 9],
      [100, 348, 'Four', 9],
      [200, 348, '60.1% 81.3% 75.3%', 9],
      ...prose(390),
    );
    expect(rows?.[0]).toEqual(['Model', 'PIQA', 'ARCE', 'ARCC']);
    expect(rows?.[2]).toEqual(['Two', '55.6%', '80.7%', '72.9%']);
  });

  it('of one column does not take the text of the other', () => {
    const left: Placed[] = [
      ...prose(100, { x: 50, width: 240, lines: 6 }),
      [50, 200, 'Table 1. Lethal doses.', 9],
      [60, 220, 'Sample', 9],
      [180, 220, 'LC50', 9],
      [60, 232, 'VS', 9],
      [180, 232, '0.28', 9],
      [60, 244, 'HF', 9],
      [180, 244, '2.17', 9],
      ...prose(280, { x: 50, width: 240, lines: 6 }),
    ];
    const right = prose(100, { x: 320, width: 240, lines: 24 });
    expect(rowsOf(...left, ...right)).toEqual([
      ['Sample', 'LC50'],
      ['VS', '0.28'],
      ['HF', '2.17'],
    ]);
  });

  it('without cells in the text layer keeps its caption, and that is said', () => {
    const tables = tablesOf([...prose(200), CAPTION, ...prose(500)]);
    expect(tables[0]?.table).toMatchObject({
      label: 'Table 1',
      caption: 'Results on the test set.',
      rows: [],
      page: 1,
    });
    expect(doubtsOfTables(tables)).toMatchObject([{ code: 'TABLE_WITHOUT_CELLS', page: 1 }]);
  });

  it('is not made of a sentence that begins with its label', () => {
    const start: Placed[] = [
      [100, 300, 'Table 2 summarizes what was found in all of the experiments, and it says a good deal.'],
      [100, 312, 'more about the rest of the world, to which nobody had yet given the least of thoughts.'],
    ];
    expect(tablesOf([...prose(200), ...start, ...prose(400)])).toEqual([]);
  });

  it('has a box around caption and cells', () => {
    const [first] = tablesOf([
      ...prose(200),
      CAPTION,
      [100, 300, 'Model', 9],
      [400, 300, 'BLEU', 9],
      [100, 312, 'Ours', 9],
      [400, 312, '28.4', 9],
      ...prose(360),
    ]);
    const box = first?.table.box;
    expect(box?.x).toBe(100);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeGreaterThan(312);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeGreaterThan(400);
  });
});

describe('values in a table', () => {
  const placed: Placed[] = [
    ...prose(200),
    CAPTION,
    [100, 300, 'Model', 9],
    [200, 300, 'Layers', 9],
    [300, 300, 'Accuracy (%)', 9],
    [100, 312, 'Ours', 9],
    [200, 312, '12', 9],
    [300, 312, '95.2', 9],
    [100, 324, 'Theirs', 9],
    [200, 324, '24', 9],
    [300, 324, '93.1', 9],
    ...prose(360),
  ];

  it('are metrics where the column is one, with the unit of the header and the box of the cell', () => {
    const metrics = readTableMetrics(tablesOf(placed), []);
    expect(metrics.map(({ name, value, unit }) => ({ name, value, unit }))).toEqual([
      { name: 'Accuracy', value: 95.2, unit: '%' },
      { name: 'Accuracy', value: 93.1, unit: '%' },
    ]);
    expect(metrics[0]).toMatchObject({ page: 1, sentence: 'Ours | 12 | 95.2', box: { x: 300 } });
  });

  it('take the name of their row where that is a statistic and the columns are groups; of "n (%)" the share', () => {
    const tables = tablesOf([
      ...prose(200),
      [100, 280, 'Table 1: Characteristics of the sample.', 9],
      [100, 300, 'Characteristic', 9],
      [250, 300, 'Control', 9],
      [350, 300, 'Treated', 9],
      [100, 312, 'Age, mean (SD)', 9],
      [250, 312, '46.0 (11.3)', 9],
      [350, 312, '52.0 (11.1)', 9],
      [100, 324, 'Female, n (%)', 9],
      [250, 324, '20 (40.0)', 9],
      [350, 324, '30 (60.0)', 9],
      ...prose(360),
    ]);
    const values = readTableMetrics(tables, []).map(({ name, value, unit }) => [name, value, unit]);
    expect(values).toEqual([
      ['Age, mean (SD), Control', 46, null],
      ['Age, mean (SD), Treated', 52, null],
      ['Female, Control', 40, '%'],
      ['Female, Treated', 60, '%'],
    ]);
  });

  it('are results where the column is a dataset that the paper names', () => {
    const tables = tablesOf([
      ...prose(200),
      CAPTION,
      [100, 300, 'Model', 9],
      [200, 300, 'FooBench', 9],
      [100, 312, 'Ours', 9],
      [200, 312, '71.5', 9],
      [100, 324, 'Theirs', 9],
      [200, 324, '70.0', 9],
      ...prose(360),
    ]);
    expect(readTableMetrics(tables, [])).toEqual([]);
    expect(readTableMetrics(tables, ['FooBench']).map(({ value }) => value)).toEqual([71.5, 70]);
  });

  it('are not results in a table of settings', () => {
    const settings = placed.map((one): Placed => (one === CAPTION ? [100, 280, 'Table 1: Hyperparameters.', 9] : one));
    expect(readTableMetrics(tablesOf(settings), [])).toEqual([]);
  });
});

describe('a figure', () => {
  it('has its whole caption, over the lines it takes, and the label as printed', () => {
    const { captions } = typeset([
      ...prose(100),
      [100, 300, 'Figure 2: The first line of what the picture shows, which is a good deal longer than', 9],
      [100, 311, 'one line.', 9],
      ...prose(360),
    ]);
    expect(readFigures(captions)).toMatchObject([
      {
        label: 'Figure 2',
        caption: 'The first line of what the picture shows, which is a good deal longer than one line.',
        page: 1,
      },
    ]);
  });

  it('may be called in capitals, with a bar or nothing after its number', () => {
    const { captions } = typeset([
      ...prose(100),
      [100, 300, 'FIGURE 3 | Life in the centre.', 8],
      ...prose(360),
      [100, 500, 'Fig. 4 Study flow.', 8],
    ]);
    expect(readFigures(captions).map(({ label, caption }) => [label, caption])).toEqual([
      ['Figure 3', 'Life in the centre.'],
      ['Fig 4', 'Study flow.'],
    ]);
  });
});
