/**
 * `npm run demo`: from nothing to a checked report, through the public API and its SDK only, as any client would.
 * Exit codes: 0, the run SUCCEEDED and every claim sentence carries a receipt that verifies here; 1, it did not, or it
 * could not begin, with a sentence that says why; 130, interrupted: the run is canceled and everything stopped.
 */
import { PaperwrightError } from '../sdk/errors.js';
import { describe } from '../src/run-process.js';
import { readArguments, USAGE } from './arguments.js';
import { runDemo } from './run-demo.js';
import { openTerminal } from './terminal.js';

const INTERRUPTED = 130; // 128 + SIGINT, as shells have it
const SAME_REQUEST_MS = 500; // npm passes on a Ctrl-C that the terminal has sent to all of the group already

const terminal = openTerminal(process.stdout, process.env);
process.stdout.on('error', () => undefined); // a closed pipe must not keep anything from being stopped
const interrupt = new AbortController();
let askedAt = 0;
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    if (!interrupt.signal.aborted) {
      askedAt = Date.now();
      interrupt.abort();
    } else if (Date.now() - askedAt > SAME_REQUEST_MS) {
      terminal.block(undefined);
      process.exit(INTERRUPTED); // what was started notices, and stops by itself
    }
  });
}

process.exit(await main());

async function main(): Promise<number> {
  const given = process.argv.slice(2);
  if (given[0] === '--help' || given[0] === '-h') {
    terminal.line(USAGE);
    return 0;
  }
  const request = readArguments(given, process.env.INIT_CWD ?? process.cwd());
  if (typeof request === 'string') {
    process.stderr.write(`${request}\n`);
    return 1;
  }
  try {
    return (await runDemo(terminal, request, process.env, interrupt.signal)) ? 0 : 1;
  } catch (error) {
    terminal.block(undefined);
    if (interrupt.signal.aborted) {
      terminal.line('Interrupted. What was under way is canceled, and everything is stopped.');
      return INTERRUPTED;
    }
    const sentence =
      error instanceof PaperwrightError ? [error.message, error.hint].filter(Boolean).join(' ') : describe(error);
    process.stderr.write(`${sentence}\n`);
    return 1;
  }
}
