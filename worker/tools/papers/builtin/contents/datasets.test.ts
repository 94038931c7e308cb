import { describe, expect, it } from 'vitest';
import { datasetsIn } from './datasets.js';

const names = (text: string): string[] => datasetsIn(text).map(({ name }) => name);

describe('datasets in a sentence', () => {
  it.each([
    ['We use the Pantheon+ dataset of supernovae.', ['Pantheon+']],
    ['It was trained on the standard FooNews 2014 English-German dataset.', ['FooNews 2014 English-German']],
    ['We parse the sections of the Fenn Treebank with it.', ['Fenn Treebank']],
    ['Data came from the Southern Regional Health Survey of women.', ['Southern Regional Health Survey']],
    ['We test on datasets such as QuxQA, BarBench and FOO-7.', ['QuxQA', 'BarBench', 'FOO-7']],
    ['These NEON data were collected daily.', ['NEON']],
    ['• Code: FooEval [5] (0-shot) and BBPP [2] (3-shot)', ['FooEval', 'BBPP']],
    ['Scores on MNIST were high.', ['MNIST']],
  ])('%s', (text, expected) => {
    expect(names(text)).toEqual(expected);
  });

  it.each([
    'The dataset is described in Section 2.',
    'We collected a new dataset of images.',
    'The NMR data are given below.',
    'This GitHub repository and its Jupyter notebooks are open.',
    'The U.S. Geological Survey supported us.',
    'Our results on the task were good.',
  ])('none: %s', (text) => {
    expect(names(text)).toEqual([]);
  });

  it('stand where their offsets say', () => {
    const text = 'Here the SPARC dataset is used.';
    const [found] = datasetsIn(text);
    expect(text.slice(found?.index, (found?.index ?? 0) + 5)).toBe('SPARC');
  });
});
