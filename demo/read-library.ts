/** The documents on their way into the project, on the terminal. */
import type { DemoRequest } from './arguments.js';
import { bar, seconds, spinner } from './bars.js';
import type { FoundDocument } from './find-documents.js';
import { type IngestedDocument, ingestDocuments } from './ingest-documents.js';
import type { Account } from './open-account.js';
import type { Terminal } from './terminal.js';
import { harmless, shorten } from './text-width.js';

/** Answers those that were taken in; what is wrong with the others has been said. */
export async function readLibrary(
  terminal: Terminal,
  { facts }: DemoRequest,
  documents: readonly FoundDocument[],
  { paperwright, project }: Account,
  signal: AbortSignal,
): Promise<IngestedDocument[]> {
  let done = 0;
  let latest = '';
  const begun = Date.now();
  terminal.block((tick) => {
    const shown = `${bar(terminal, done / documents.length, 24)} ${done}/${documents.length}`;
    return [`  ${spinner(terminal, tick)} reading  ${shown}  ${shorten(latest, terminal.columns - 50)}`];
  });
  const report = {
    onDone(document: FoundDocument) {
      done += 1;
      latest = harmless(document.name);
      if (!terminal.live) terminal.line(`  read  ${shorten(latest, terminal.columns - 8)}`);
    },
    onFailed(document: FoundDocument, why: string) {
      done += 1;
      terminal.line(`  ${terminal.paint('red', '✗')} ${harmless(document.name)}: ${harmless(why)}`);
    },
  };
  try {
    const taken = await ingestDocuments(paperwright, project.id, documents, { facts, report, signal });
    terminal.block(undefined);
    const sign = taken.length === 0 ? terminal.paint('red', '✗') : terminal.paint('green', '✓');
    terminal.line(
      `  ${sign} read ${taken.length} of ${documents.length} documents  ${terminal.paint('dim', seconds(Date.now() - begun))}`,
    );
    return taken;
  } finally {
    terminal.block(undefined);
  }
}
