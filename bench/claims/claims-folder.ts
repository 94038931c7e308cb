/**
 * A folder of labelled claims in the layout of MultiVerS: claims_SPLIT.jsonl (id, claim, cited_doc_ids, evidence by document
 * with its label) and corpus.jsonl (doc_id, the sentences of "abstract"). A claim without evidence is labelled NEI.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { SupportClass } from '../../worker/tools/claims/support-model.js';

export const LABELS = { SUPPORT: 'BEARS_OUT', REFUTE: 'FALLS_SHORT', NEI: 'UNRELATED' } as const satisfies Record<
  string,
  SupportClass
>;
export type Label = keyof typeof LABELS;

export interface LabelledClaim {
  id: number | string;
  text: string;
  documents: string[];
  label: Label;
}

export interface ClaimsFolder {
  claims: LabelledClaim[];
  /** Sentences by document. */
  passages: ReadonlyMap<string, readonly string[]>;
}

interface ClaimRow {
  id: number | string;
  claim: string;
  cited_doc_ids?: (number | string)[];
  doc_ids?: (number | string)[];
  evidence?: Record<string, { label: string }[]>;
}

/** The split of the folder; undefined where a file is missing. */
export function readClaimsFolder(folder: string, split: string): ClaimsFolder | undefined {
  const claims = path.join(folder, `claims_${split}.jsonl`);
  const corpus = path.join(folder, 'corpus.jsonl');
  if (!existsSync(claims) || !existsSync(corpus)) return undefined;
  const documents = readLines<{ doc_id: number | string; abstract: string[] }>(corpus);
  return {
    passages: new Map(documents.map((row) => [String(row.doc_id), row.abstract])),
    claims: readLines<ClaimRow>(claims).map((row) => ({
      id: row.id,
      text: row.claim,
      documents: (row.cited_doc_ids ?? row.doc_ids ?? []).map(String),
      label: labelOf(row),
    })),
  };
}

function labelOf({ evidence }: ClaimRow): Label {
  const [first] = Object.values(evidence ?? {}).flat();
  if (first?.label.startsWith('SUPPORT')) return 'SUPPORT';
  return first?.label.startsWith('REFUTE') || first?.label.startsWith('CONTRADICT') ? 'REFUTE' : 'NEI';
}

const readLines = <T>(file: string): T[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as T);

const EXCERPTS = 1000; // the collection numbers the excerpts of one cited paper n000, n001 …

/**
 * The cited paper of each claim, as a name. The collection gives each claim its own excerpt of the paper it cites; excerpts
 * that share a sentence have numbers of the same thousand (checked on Citation-Integrity), so that tells the paper.
 * Elsewhere each document is a paper of its own.
 */
export const citedPapers = ({ claims }: ClaimsFolder): string[] =>
  claims.map(({ documents: [first = ''] }) => {
    const number = Number(first);
    return number >= EXCERPTS ? String(Math.floor(number / EXCERPTS)) : first;
  });
