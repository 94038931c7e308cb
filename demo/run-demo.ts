/** The whole way, step by step: documents, server, account, ingestion, question, report, verification. */
import path from 'node:path';
import type { DemoRequest } from './arguments.js';
import { askQuestion } from './ask-question.js';
import { type FoundDocument, findDocuments } from './find-documents.js';
import { openAccount } from './open-account.js';
import { printFiles, printRow, printTrust, printVerification, printWayOn } from './print-result.js';
import { readLibrary } from './read-library.js';
import { removeOldReport, saveArtifacts } from './save-artifacts.js';
import { type Server, startServer } from './start-server.js';
import type { Terminal } from './terminal.js';
import { harmless } from './text-width.js';
import { verifyReport } from './verify-report.js';
import { withSpinner } from './with-spinner.js';

const SHOWN_SKIPPED = 3;

/** Whether the run SUCCEEDED and its report verifies. Throws what kept it from getting there. */
export async function runDemo(
  terminal: Terminal,
  request: DemoRequest,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<boolean> {
  const { documents, skipped, problems } = await findDocuments(request.paths, request.from, request.except);
  if (problems.length > 0) {
    process.stderr.write(`${problems.join('\n')}\n`);
    return false;
  }
  printRow(terminal, 'Question', request.question);
  printRow(
    terminal,
    'Documents',
    `${documents.length} from ${request.paths.map((each) => path.basename(each)).join(', ')}`,
  );
  if (skipped.length > 0) printRow(terminal, '', `passed over, being no .md, .txt or .pdf: ${listOf(skipped)}`);
  terminal.line();
  const server = await withSpinner(terminal, 'starting Postgres, API and worker', () =>
    startServer(env, (line) => terminal.line(terminal.paint('dim', `  ${harmless(line)}`)), signal),
  );
  try {
    return await Promise.race([useServer(terminal, request, documents, server, signal), server.failed]);
  } finally {
    await server.stop();
  }
}

async function useServer(
  terminal: Terminal,
  request: DemoRequest,
  documents: readonly FoundDocument[],
  server: Server,
  signal: AbortSignal,
): Promise<boolean> {
  const account = await withSpinner(terminal, 'opening an account and a project', () =>
    openAccount(server.url, request.question),
  );
  const { paperwright, project } = account;
  try {
    const taken = await readLibrary(terminal, request, documents, account, signal);
    if (taken.length === 0) {
      process.stderr.write('None of the documents could be read, so there is nothing to answer from.\n');
      return false;
    }
    terminal.line();
    const input = { projectId: project.id, question: request.question };
    const folder = path.resolve('out');
    await removeOldReport(folder);
    const run = await askQuestion(terminal, paperwright, input, signal);
    if (run.status !== 'SUCCEEDED') {
      terminal.line();
      const { code = run.status, message = 'It was not finished.', hint } = run.failure ?? {};
      printRow(terminal, 'No report', `${message} (${code})`);
      if (hint) printRow(terminal, '', hint);
      return false;
    }
    const files = await saveArtifacts(paperwright, run.id, folder);
    const verification = verifyReport(files, new Set(taken.map(({ sha256 }) => sha256)));
    const { run: scored } = await paperwright.report({ runId: run.id });
    printFiles(terminal, files, folder, request.from);
    printVerification(terminal, verification);
    if (scored?.trust) printTrust(terminal, scored.trust);
    printWayOn(terminal, server.usualUrl, account, run.id);
    return verification.claims > 0 && verification.problems.length === 0;
  } finally {
    paperwright.close();
  }
}

const listOf = (names: readonly string[]): string =>
  names.slice(0, SHOWN_SKIPPED).join(', ') +
  (names.length > SHOWN_SKIPPED ? ` and ${names.length - SHOWN_SKIPPED} more` : '');
