import { describe, expect, it } from 'vitest';
import { LIBRARY_QUESTION, readArguments } from './arguments.js';

describe('readArguments', () => {
  it('asks the built-in library when nothing is said', () => {
    expect(readArguments([], '/home')).toMatchObject({ question: LIBRARY_QUESTION, facts: { year: 2026 } });
  });

  it('takes a question and paths', () => {
    const request = readArguments(['How?', 'a.md', 'papers'], '/home');
    expect(request).toMatchObject({ question: 'How?', paths: ['a.md', 'papers'], from: '/home', facts: {} });
  });

  it.each([
    [['--fast'], /no option --fast/],
    [['  ', 'a.md'], /question is empty/],
    [['How?'], /Name the files or folders/],
  ])('refuses %j and says what there is', (args, sentence) => {
    expect(readArguments(args, '/home')).toMatch(sentence);
    expect(readArguments(args, '/home')).toContain('npm run demo --');
  });
});
