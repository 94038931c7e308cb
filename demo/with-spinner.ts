/** A step that says what it is while it lasts, and how long it took when it is done. */
import { seconds, spinner } from './bars.js';
import type { Terminal } from './terminal.js';

export async function withSpinner<T>(terminal: Terminal, what: string, work: () => Promise<T>): Promise<T> {
  const begun = Date.now();
  terminal.block((tick) => [`  ${spinner(terminal, tick)} ${what}`]);
  try {
    const result = await work();
    terminal.block(undefined);
    terminal.line(`  ${terminal.paint('green', '✓')} ${what}  ${terminal.paint('dim', seconds(Date.now() - begun))}`);
    return result;
  } finally {
    terminal.block(undefined);
  }
}
