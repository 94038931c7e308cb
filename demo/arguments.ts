/** What the person asked for on the command line. */
import { fileURLToPath } from 'node:url';
import type { DocumentFacts } from './find-documents.js';

export interface DemoRequest {
  question: string;
  /** Files and folders, as they were typed. */
  paths: string[];
  /** Relative paths start here. */
  from: string;
  /** Known of every document; empty for the person's own. */
  facts: DocumentFacts;
  /** Files that are passed over without a word. */
  except: RegExp | undefined;
}

export const LIBRARY_QUESTION = 'Can retrieval systems be compared reliably when relevance judgments are incomplete?';
const LIBRARY = fileURLToPath(new URL('../../library', import.meta.url)); // beside dist/

export const USAGE = `npm run demo                                  a question over the built-in library
npm run demo -- "QUESTION" FILE_OR_FOLDER…    your question over your own .md, .txt and .pdf files`;

/** Throws nothing; answers a sentence when the arguments cannot be meant. `from`: where the person stands. */
export function readArguments(args: readonly string[], from: string): DemoRequest | string {
  const [question, ...paths] = args;
  if (question === undefined) {
    const facts = { year: 2026 };
    return { question: LIBRARY_QUESTION, paths: [LIBRARY], from, facts, except: /^README\.md$/ };
  }
  if (/^--?[a-z]/.test(question)) return `There is no option ${question}. What there is:\n${USAGE}`;
  if (!/[\p{L}\p{N}]/u.test(question)) return `The question is empty. What can be asked:\n${USAGE}`;
  if (paths.length === 0) return `Name the files or folders to answer “${question}” from:\n${USAGE}`;
  return { question, paths, from, facts: {}, except: undefined };
}
