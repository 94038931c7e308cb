/**
 * Asks a research question and follows it to its end on the terminal. When the demo is interrupted, the run is canceled
 * before this returns.
 */
import type { Paperwright } from '../sdk/client.js';
import type { RunFragment } from '../sdk/generated/operations.js';
import { advance, beginning } from './research-progress.js';
import { eventLine, stageLines } from './research-view.js';
import type { Terminal } from './terminal.js';

/** Answers the run as it ended; throws the signal's reason when that is aborted. */
export async function askQuestion(
  terminal: Terminal,
  paperwright: Paperwright,
  input: { projectId: string; question: string },
  signal: AbortSignal,
): Promise<RunFragment> {
  const { startResearch: run } = await paperwright.startResearch({ input });
  const progress = beginning(run.stages);
  const show = (line: string | undefined) => line !== undefined && terminal.line(line);
  terminal.block((tick) => stageLines(terminal, progress, tick));
  const onInterrupted = () => show(terminal.paint('yellow', '  The connection was lost; going on where it was.'));
  try {
    for await (const event of paperwright.watchRun(run.id, { signal, onInterrupted })) {
      advance(progress, event);
      show(eventLine(terminal, event));
    }
  } catch (error) {
    if (signal.aborted) await paperwright.cancelRun({ id: run.id }).catch(() => undefined); // it stops with the worker
    throw error;
  } finally {
    terminal.block(undefined);
    if (terminal.live && !signal.aborted) for (const line of stageLines(terminal, progress, 0)) terminal.line(line);
  }
  const { run: ended } = await paperwright.run({ id: run.id });
  return ended ?? run;
}
