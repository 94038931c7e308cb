import { describe, expect, it } from 'vitest';
import { openTerminal } from './terminal.js';

const screen = (tty: Partial<{ isTTY: boolean; columns: number; rows: number; hasColors: () => boolean }>) => {
  let written = '';
  const write = (text: string | Uint8Array) => {
    written += text;
    return true;
  };
  return { output: { write, ...tty }, written: () => written };
};
const tty = { isTTY: true, columns: 80, rows: 10, hasColors: () => true };

describe('openTerminal', () => {
  it('draws a block in place and puts finished lines above it', () => {
    const { output, written } = screen(tty);
    const terminal = openTerminal(output, {});
    terminal.block(() => ['bar', 'bar']);
    terminal.line('done');
    terminal.block(undefined);
    expect(written()).toBe('\u001b[?25lbar\nbar\n\u001b[2A\r\u001b[0Jdone\nbar\nbar\n\u001b[2A\r\u001b[0J\u001b[?25h');
  });

  it('never draws a block as high as the screen, which could not be erased', () => {
    const { output, written } = screen(tty);
    const terminal = openTerminal(output, {});
    terminal.block(() => Array.from({ length: 50 }, () => 'bar'));
    terminal.block(undefined);
    expect(written().match(/bar/g)).toHaveLength(8);
  });

  it.each([
    ['a pipe', { isTTY: false }, {}],
    ['CI', tty, { CI: 'true' }],
    ['a dumb terminal', tty, { TERM: 'dumb' }],
  ])('writes plain lines to %s', (_what, kind, env) => {
    const { output, written } = screen(kind);
    const terminal = openTerminal(output, env);
    terminal.block(() => ['bar']);
    terminal.line('done');
    terminal.block(undefined);
    expect(written()).toBe('done\n');
  });

  it('paints only where colours are wanted', () => {
    expect(openTerminal(screen(tty).output, {}).paint('green', 'ok')).toBe('\u001b[32mok\u001b[0m');
    expect(openTerminal(screen(tty).output, { NO_COLOR: '1' }).paint('green', 'ok')).toBe('ok');
    expect(openTerminal(screen({}).output, {}).paint('green', 'ok')).toBe('ok');
  });
});
