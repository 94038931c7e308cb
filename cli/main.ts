/**
 * `npx paperwright …`: what needs no server. The result goes to standard output, everything else to standard error. Exit
 * codes: 0; 1, it could not be done, with a sentence that says why and what to do, or an audit log is not as it was written;
 * 2, it was asked wrongly.
 */
import { isAppError } from '../src/platform/errors.js';
import { type Request, readArguments, USAGE } from './arguments.js';
import { printPaper } from './print-paper.js';
import { resetPasswordOf } from './reset-password.js';
import { verifyAudits } from './verify-audit.js';

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
    const { ok, output } = await carryOut(request);
    process.stdout.write(output);
    return ok ? 0 : 1;
  } catch (error) {
    process.stderr.write(
      `${interrupt.signal.aborted ? 'Interrupted.' : `${describe(error)}${hintFor(request, error)}`}\n`,
    );
    return 1;
  }
}

async function carryOut(request: Request): Promise<{ ok: boolean; output: string }> {
  if (!('command' in request)) return { ok: true, output: await printPaper(request, interrupt.signal) };
  switch (request.command) {
    case 'verify-audit':
      return verifyAudits(request);
    case 'reset-password':
      return { ok: true, output: await resetPasswordOf(request) };
    default:
      return request satisfies never;
  }
}

/** What a person at a terminal should know besides, of a database that is in use. */
function hintFor(request: Request, error: unknown): string {
  if (!('command' in request && isAppError(error) && error.code === 'CONFLICT')) return '';
  switch (request.command) {
    case 'verify-audit':
      return ' Or ask the running server: `{ verifyAudit { ok firstProblem { seq kind message } } }` as ADMIN.';
    case 'reset-password':
      return ' Or let an administrator above the person use `issuePasswordReset`.';
    default:
      return request satisfies never;
  }
}

function describe(error: unknown): string {
  if (isAppError(error)) return [error.message, error.hint].filter(Boolean).join(' ');
  return error instanceof Error ? error.message : String(error);
}
