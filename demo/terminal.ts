/**
 * Where the demo speaks. On a terminal a block at the bottom is drawn again in place while finished lines go up above it;
 * elsewhere (a pipe, CI, a dumb terminal) there are finished lines only. Colours only where NO_COLOR and the like allow.
 */
import type { WriteStream } from 'node:tty';

export interface Terminal {
  /** At least 40. */
  readonly columns: number;
  /** Whether a block can be drawn in place; if not, `block` shows nothing. */
  readonly live: boolean;
  paint(style: Style, text: string): string;
  /** A finished line. */
  line(text?: string): void;
  /** Draws the block below all lines, now and a few times a second, until another or none is given. */
  block(draw: ((tick: number) => string[]) | undefined): void;
}

export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';

const CODES: Record<Style, number> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 };
const REDRAW_MS = 120;
const PLAIN_COLUMNS = 100;
const LEAST_COLUMNS = 40;
const MOST_COLUMNS = 120; // longer lines are hard to read
const [HIDE_CURSOR, SHOW_CURSOR, CLEAR_BELOW] = ['\u001b[?25l', '\u001b[?25h', '\u001b[0J'];

type Output = Pick<WriteStream, 'write'> & Partial<Pick<WriteStream, 'isTTY' | 'columns' | 'rows' | 'hasColors'>>;

/** `env`: of CI and TERM. */
export function openTerminal(output: Output, env: Readonly<Record<string, string | undefined>>): Terminal {
  const live = output.isTTY === true && !env.CI && env.TERM !== 'dumb';
  const colours = output.isTTY === true && output.hasColors?.() === true && !env.NO_COLOR;
  let draw: ((tick: number) => string[]) | undefined;
  let drawn = 0; // lines of the block that stand on the screen
  let tick = 0;
  let timer: NodeJS.Timeout | undefined;

  const erase = () => (drawn > 0 ? `\u001b[${drawn}A\r${CLEAR_BELOW}` : '');
  const redraw = (above = '') => {
    // A block as high as the screen could not be erased again.
    const lines = draw?.(tick).slice(0, Math.max(1, (output.rows ?? 24) - 2)) ?? [];
    output.write(`${erase()}${above}${lines.map((line) => `${line}\n`).join('')}`);
    drawn = lines.length;
  };

  return {
    get columns() {
      return Math.min(MOST_COLUMNS, Math.max(LEAST_COLUMNS, (live && output.columns) || PLAIN_COLUMNS));
    },
    live,
    paint: (style, text) => (colours ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text),
    line: (text = '') => (live ? redraw(`${text}\n`) : void output.write(`${text}\n`)),
    block(next) {
      if (!live) return;
      if (next && !draw) output.write(HIDE_CURSOR);
      draw = next;
      redraw();
      if (!next) output.write(SHOW_CURSOR);
      clearInterval(timer);
      if (!next) return;
      timer = setInterval(() => {
        tick += 1;
        redraw();
      }, REDRAW_MS);
      timer.unref();
    },
  };
}
