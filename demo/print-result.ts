/** What the person gets to read at the end: where the report is, why it may be trusted, and how to look further. */
import path from 'node:path';
import type { TrustFragment } from '../sdk/generated/operations.js';
import type { Account } from './open-account.js';
import { REPORT_FILES, type ReportFiles } from './save-artifacts.js';
import type { Terminal } from './terminal.js';
import { harmless, wrap } from './text-width.js';
import type { Verification } from './verify-report.js';

const LABEL_COLUMNS = 12;

/** A label, and text beside it, over as many lines as it takes. */
export function printRow(terminal: Terminal, label: string, text: string): void {
  const [first = '', ...rest] = wrap(harmless(text), terminal.columns - LABEL_COLUMNS - 1);
  terminal.line(`${terminal.paint('bold', label.padEnd(LABEL_COLUMNS))}${first}`);
  for (const line of rest) terminal.line(' '.repeat(LABEL_COLUMNS) + line);
}

export function printFiles(terminal: Terminal, files: ReportFiles, folder: string, from: string): void {
  terminal.line();
  for (const [index, name] of REPORT_FILES.filter((each) => files[each] !== undefined).entries()) {
    const shown = path.relative(from, path.join(folder, name));
    printRow(terminal, index === 0 ? 'Report' : '', shown.startsWith('..') ? path.join(folder, name) : `./${shown}`);
  }
}

export function printVerification(terminal: Terminal, found: Verification): void {
  const { claims, verified, quotes, snapshots, problems } = found;
  const counted = `${verified} of ${claims} claim sentences carry a receipt that verifies`;
  printRow(
    terminal,
    'Checked',
    `${counted}: ${quotes} quotes found byte for byte in ${snapshots} snapshots of the documents above.`,
  );
  for (const problem of problems) printRow(terminal, '', `✗ ${problem}`);
}

export function printTrust(terminal: Terminal, trust: TrustFragment): void {
  terminal.line();
  printRow(terminal, 'Trust', `${trust.overall.toFixed(2)} of 1, the mean of these by their weights:`);
  for (const { name, score, weight, basis } of trust.components) {
    printRow(terminal, '', `${score.toFixed(2)}  ${name} (weight ${weight}): ${basis}`);
  }
  for (const { message } of trust.flags) printRow(terminal, 'Mind', message);
}

export function printWayOn(terminal: Terminal, url: string, account: Account, runId: string): void {
  terminal.line();
  printRow(terminal, 'Look at it', `run “npm start”, open ${url}/ and sign in:`);
  printRow(terminal, '', `e-mail ${account.email}, password ${account.password}`);
  printRow(terminal, '', `project ${account.project.id}, run ${runId}`);
}
