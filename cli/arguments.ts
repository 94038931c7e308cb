/** What the command line asks for, or a sentence that says what is wrong with it. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { MAX_RECOVERY_MINUTES, RECOVERY_MINUTES } from '../src/identity/recovery/recovery-token.js';
import type { ResetRequest } from './reset-password.js';
import type { AuditRequest } from './verify-audit.js';

export interface PaperRequest {
  file: string; // absolute
  format: 'json' | 'markdown';
  engine: 'builtin' | 'grobid';
  grobidUrl: string;
  ocr: boolean;
}

export type Request = PaperRequest | AuditRequest | ResetRequest;

export const USAGE = `Usage: paperwright paper FILE [--json | --markdown] [--engine builtin|grobid] [--grobid-url URL] [--ocr]

Prints the structured paper: title, authors, abstract, sections, references, citations, tables, figures, equations,
datasets, metrics and claims, each with its page and place, how sure each field is, and what could not be read.

  FILE           a PDF, LaTeX source, Markdown or plain text
  --json         one JSON document (the default)
  --markdown     for people
  --engine       builtin needs nothing; grobid asks a GROBID server
  --grobid-url   http://localhost:8070 unless given
  --ocr          recognise the text of scanned pages (English): seconds a page

       paperwright verify-audit [--tenant ID] [--json]

Verifies the audit logs of all tenants with the server's settings (.env, environment). Exits with 1 when an entry was changed,
removed or cut off.

  --tenant       the log of this tenant only (ten_…)
  --json         one JSON document instead of lines

       paperwright reset-password EMAIL [--minutes N] [--json]

Makes a recovery token for somebody who has forgotten their password, with the server's settings (.env, environment): it works
once, and replaces those of before.

  EMAIL          the address of the account
  --minutes      how long it works: ${RECOVERY_MINUTES} unless given, at most ${MAX_RECOVERY_MINUTES}
  --json         one JSON document instead of an explanation`;

const OPTIONS = {
  json: { type: 'boolean' },
  markdown: { type: 'boolean' },
  engine: { type: 'string' },
  'grobid-url': { type: 'string' },
  ocr: { type: 'boolean', default: false },
  tenant: { type: 'string' },
  minutes: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

export function readArguments(given: readonly string[], workingFolder: string): Request | 'help' | string {
  const parsed = parse(given);
  if (typeof parsed === 'string') return parsed;
  const { values, positionals } = parsed;
  if (values.help || (given.length === 1 && given[0] === 'help')) return 'help';
  const [command, file, ...more] = positionals;
  if (command === 'verify-audit') return readAuditArguments(given);
  if (command === 'reset-password') return readResetArguments(given);
  if (command !== 'paper')
    return command ? `There is no command “${command}”.` : 'Name a command: paper, verify-audit or reset-password.';
  if (values.minutes !== undefined) return '--minutes goes with reset-password.';
  if (values.tenant !== undefined) return '--tenant goes with verify-audit.';
  if (!file) return 'Name the file to read.';
  if (more.length > 0) return 'Name one file.';
  if (values.json && values.markdown) return 'Ask for --json or for --markdown, not for both.';
  const engine = values.engine ?? 'builtin';
  if (engine !== 'builtin' && engine !== 'grobid') return `There is no engine “${engine}”: builtin or grobid.`;
  const grobidUrl = values['grobid-url'] ?? 'http://localhost:8070';
  if (!URL.canParse(grobidUrl)) return '--grobid-url must be a URL, such as http://localhost:8070.';
  const format = values.markdown ? 'markdown' : 'json';
  return { file: path.resolve(workingFolder, file), format, engine, grobidUrl, ocr: values.ocr };
}

const AUDIT_OPTIONS = { json: { type: 'boolean', default: false }, tenant: { type: 'string' } } as const;

function readAuditArguments(given: readonly string[]): AuditRequest | string {
  try {
    const { values, positionals } = parseArgs({ args: [...given], options: AUDIT_OPTIONS, allowPositionals: true });
    if (positionals.length > 1) return 'verify-audit takes no file.';
    return { command: 'verify-audit', tenant: values.tenant ?? null, format: values.json ? 'json' : 'text' };
  } catch (error) {
    return messageOf(error);
  }
}

const RESET_OPTIONS = { json: { type: 'boolean', default: false }, minutes: { type: 'string' } } as const;

function readResetArguments(given: readonly string[]): ResetRequest | string {
  try {
    const { values, positionals } = parseArgs({ args: [...given], options: RESET_OPTIONS, allowPositionals: true });
    const [, email, ...more] = positionals;
    if (!email || more.length > 0) return 'Name one e-mail address.';
    const minutes = Number(values.minutes ?? RECOVERY_MINUTES);
    if (!Number.isInteger(minutes) || minutes < 1 || minutes > MAX_RECOVERY_MINUTES)
      return `--minutes must be a whole number from 1 to ${MAX_RECOVERY_MINUTES}.`;
    return { command: 'reset-password', email, minutes, format: values.json ? 'json' : 'text' };
  } catch (error) {
    return messageOf(error);
  }
}

function parse(given: readonly string[]) {
  try {
    return parseArgs({ args: [...given], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    return messageOf(error);
  }
}

const messageOf = (error: unknown): string =>
  (error as Error).message.split('. ')[0] ?? 'The arguments could not be read.';
