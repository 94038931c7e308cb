/** What moves on the screen: bars and the sign of a thing under way. */
import type { Terminal } from './terminal.js';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

export const spinner = (terminal: Terminal, tick: number): string =>
  terminal.paint('cyan', FRAMES[tick % FRAMES.length] ?? '');

/** `share`: 0 to 1. */
export function bar(terminal: Terminal, share: number, columns: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * columns);
  return terminal.paint('green', '━'.repeat(filled)) + terminal.paint('dim', '─'.repeat(columns - filled));
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
