import { describe, expect, it } from 'vitest';
import { readArguments } from './arguments.js';

describe('readArguments', () => {
  it('reads a file with the built-in engine as JSON unless told otherwise', () => {
    expect(readArguments(['paper', 'a.pdf'], '/home/ada')).toEqual({
      file: '/home/ada/a.pdf',
      format: 'json',
      engine: 'builtin',
      grobidUrl: 'http://localhost:8070',
      ocr: false,
    });
  });

  it('reads which audit logs to verify', () => {
    expect(readArguments(['verify-audit'], '/')).toEqual({ command: 'verify-audit', tenant: null, format: 'text' });
    expect(readArguments(['verify-audit', '--tenant', 'ten_x', '--json'], '/')).toEqual({
      command: 'verify-audit',
      tenant: 'ten_x',
      format: 'json',
    });
    expect(readArguments(['verify-audit', 'a.pdf'], '/')).toMatch(/takes no file/);
    expect(readArguments(['paper', 'a.pdf', '--tenant', 'ten_x'], '/')).toMatch(/goes with verify-audit/);
  });

  it('reads whose password is to be reset, and for how long', () => {
    const request = { command: 'reset-password', email: 'ada@example.org', minutes: 60, format: 'text' };
    expect(readArguments(['reset-password', 'ada@example.org'], '/')).toEqual(request);
    expect(readArguments(['reset-password', 'ada@example.org', '--minutes', '5', '--json'], '/')).toEqual({
      ...request,
      minutes: 5,
      format: 'json',
    });
    for (const minutes of ['0', '-1', '1441', '1.5', 'x', ''])
      expect(readArguments(['reset-password', 'a@example.org', `--minutes=${minutes}`], '/')).toMatch(/1 to 1440/);
    expect(readArguments(['reset-password'], '/')).toMatch(/one e-mail address/);
    expect(readArguments(['reset-password', 'a@example.org', 'b@example.org'], '/')).toMatch(/one e-mail address/);
    expect(readArguments(['paper', 'a.pdf', '--minutes', '5'], '/')).toMatch(/goes with reset-password/);
  });

  it('takes the format, the engine and where its server is', () => {
    const given = [
      'paper',
      '/papers/a.pdf',
      '--markdown',
      '--engine',
      'grobid',
      '--grobid-url',
      'http://grobid:8070',
      '--ocr',
    ];
    expect(readArguments(given, '/home')).toEqual({
      file: '/papers/a.pdf',
      format: 'markdown',
      engine: 'grobid',
      grobidUrl: 'http://grobid:8070',
      ocr: true,
    });
  });

  it.each([[['--help']], [['-h']], [['paper', '--help']], [['help']]])('explains itself for %j', (given) => {
    expect(readArguments(given, '/home')).toBe('help');
  });

  it.each([
    [[], /Name a command/],
    [['book', 'a.pdf'], /no command “book”/],
    [['paper'], /Name the file/],
    [['paper', 'a.pdf', 'b.pdf'], /one file/],
    [['paper', 'a.pdf', '--json', '--markdown'], /not for both/],
    [['paper', 'a.pdf', '--engine', 'magic'], /no engine “magic”/],
    [['paper', 'a.pdf', '--grobid-url', 'nowhere'], /must be a URL/],
    [['paper', 'a.pdf', '--fast'], /--fast/],
  ])('refuses %j with a sentence', (given, sentence) => {
    expect(readArguments(given, '/home')).toMatch(sentence);
  });
});
