/** A research run on the terminal: what was found as finished lines, the stages with their bars below. */
import type { RunEvent } from '../sdk/watch-run.js';
import { bar, seconds, spinner } from './bars.js';
import { type ResearchProgress, type StageProgress, shareOf } from './research-progress.js';
import type { Terminal } from './terminal.js';
import { harmless, shorten } from './text-width.js';

const NAME_COLUMNS = 10;
const BAR_COLUMNS = 24;
const MARGIN = 4;

/** The stages, one line each. */
export function stageLines(terminal: Terminal, progress: ResearchProgress, tick: number): string[] {
  return ['', ...progress.stages.map((stage) => stageLine(terminal, stage, tick))];
}

function stageLine(terminal: Terminal, stage: StageProgress, tick: number): string {
  const name = stage.name.padEnd(NAME_COLUMNS);
  const columns = Math.min(BAR_COLUMNS, terminal.columns - NAME_COLUMNS - MARGIN * 2 - 20);
  const shown = `${bar(terminal, shareOf(stage), Math.max(4, columns))} ${countOf(stage)}`;
  switch (stage.status) {
    case 'waiting':
      return terminal.paint('dim', `    ${name}`);
    case 'running':
      return `  ${spinner(terminal, tick)} ${name} ${shown}`;
    case 'done':
      return `  ${terminal.paint('green', '✓')} ${name} ${shown} ${terminal.paint('dim', seconds(stage.durationMs))}`;
    case 'failed':
      return `  ${terminal.paint('red', '✗')} ${name} ${shown}`;
  }
}

function countOf({ done, total, unit }: StageProgress): string {
  if (total === null) return done > 0 ? `${done} ${unit}` : '';
  return `${done}/${total} ${unit}`;
}

/** What is worth a finished line, in the colours of what it means. Undefined: nothing. */
export function eventLine(terminal: Terminal, event: RunEvent): string | undefined {
  const room = terminal.columns - MARGIN;
  switch (event.__typename) {
    case 'SourceFound':
      return `  ${terminal.paint('cyan', 'found')}  ${shorten(harmless(event.title ?? event.message), room - 5)}`;
    case 'ClaimChecked': {
      const verdict = (event.verdict ?? '').toLowerCase();
      const colour = verdict === 'supported' ? 'green' : verdict === 'mixed' ? 'yellow' : 'red';
      const text = shorten(harmless(event.text ?? event.message), room - verdict.length);
      return `  ${terminal.paint(colour, verdict)}  ${text}`;
    }
    case 'ErrorRaised':
      if (!event.retryable) return undefined; // it ends the run, and is said at the end
      return `  ${terminal.paint('yellow', 'again')}  ${shorten(harmless(event.message), room - 5)}`;
    case 'StageFinished':
      // Where no bars are drawn, stages are lines like others.
      return terminal.live ? undefined : `  ✓ ${event.stage ?? ''} ${seconds(event.durationMs ?? 0)}`;
    default:
      return undefined;
  }
}
