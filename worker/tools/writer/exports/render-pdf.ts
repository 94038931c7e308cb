/**
 * report.pdf, by Typst: offline, with the compiler's own fonts, without dates, so the same report gives the same bytes.
 * The compiler is native code that runs in this process; it reads no file and no network, since the template names none.
 */
import { AppError } from '../../../../src/platform/errors.js';
import type { PrintedReport } from './printed-report.js';
import { REPORT_TEMPLATE } from './report-template.js';

const MAX_WORD = 60; // characters that stand in one line; a longer "word" may break there

/** The bytes of a PDF, or why this machine can make none. Throws INTERNAL when Typst refuses: an error of the template. */
export async function renderPdf(report: PrintedReport): Promise<{ pdf: Buffer } | { unavailable: string }> {
  const NodeCompiler = await loadCompiler();
  if (NodeCompiler === null) {
    const machine = `${process.platform}-${process.arch}`;
    return { unavailable: `the compiler that sets it, Typst, cannot be loaded on this machine (${machine})` };
  }
  const compiler = NodeCompiler.create({ workspace: import.meta.dirname });
  const inputs = {
    report: JSON.stringify(report, (_, value: unknown) => (typeof value === 'string' ? breakable(value) : value)),
  };
  const compiled = compiler.compile({ mainFileContent: REPORT_TEMPLATE, inputs });
  const document = compiled.result;
  if (!document) {
    throw new AppError('INTERNAL', `The PDF of the report could not be set: ${describe(compiled.takeDiagnostics())}`);
  }
  const pdf = compiler.pdf(document);
  compiler.evictCache(0); // else every report that was ever set stays in memory
  return { pdf };
}

/** When first needed: it is native code, and a platform without a build of it does without a PDF and has all the rest. */
async function loadCompiler() {
  try {
    return (await import('@myriaddreamin/typst-ts-node-compiler')).NodeCompiler;
  } catch {
    return null;
  }
}

const describe = (error: { shortDiagnostics: unknown[] } | null) => JSON.stringify(error?.shortDiagnostics.slice(0, 3));

/** A zero-width space lets a line break within what has no other place to. */
const breakable = (text: string): string => text.replace(new RegExp(`(\\S{${MAX_WORD}})(?=\\S)`, 'gu'), '$1\u200b');
