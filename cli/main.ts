/**
 * `npx paperwright …`: what needs no server. The result goes to standard output, everything else to standard error. Exit
 * codes: 0; 1, it could not be done, with a sentence that says why and what to do, or an audit log is not as it was written;
 * 2, it was asked wrongly.
 */
import { isAppError } from '../src/platform/errors.js';
import { readArguments, USAGE } from './arguments.js';
import { printPaper } from './print-paper.js';
import { hintFor, verifyAudits } from './verify-audit.js';

process.stdout.on('error', () => process.exit(1)); // `| head` has seen enough
const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interrupt.abort());

process.exitCode = await main();

async function main(): Promise<number> {
  const request = readArguments(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd());
  if (request === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  if (typeof request === 'string') {
    process.stderr.write(`${request}\n\n${USAGE}\n`);
    return 2;
  }
  try {
    if ('command' in request) {
      const { ok, output } = await verifyAudits(request);
      process.stdout.write(output);
      return ok ? 0 : 1;
    }
    process.stdout.write(await printPaper(request, interrupt.signal));
    return 0;
  } catch (error) {
    process.stderr.write(`${interrupt.signal.aborted ? 'Interrupted.' : `${describe(error)}${hintFor(error)}`}\n`);
    return 1;
  }
}

function describe(error: unknown): string {
  if (isAppError(error)) return [error.message, error.hint].filter(Boolean).join(' ');
  return error instanceof Error ? error.message : String(error);
}
