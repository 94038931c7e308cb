/**
 * Whether an audit log is as it was written: each entry has the hash of its own fields, names the hash of the one before,
 * and none is missing; the end is where the database says, and what the signed head vouches for is there. Answers the first
 * thing that is wrong. Holds one entry in memory.
 *
 * An entry that was altered is told by its own hash; one that was altered with its hash, by the entry after it; one that was
 * altered with all hashes after it, by the signed head.
 */
import type { AuditHead, HeadFault } from './audit-head.js';
import { entryHash, FIRST_PREV_HASH, type HashedEntry } from './entry-hash.js';
import type { ChainEnd } from './read-chain.js';

export const AUDIT_PROBLEMS = {
  CHANGED: 'The entry is not as it was written.',
  REMOVED: 'The entry is missing, and later ones are there.',
  TRUNCATED: 'The entry and all after it are missing.',
  HEAD_FORGED: 'What says where the log ends was not made by this server.',
  HEAD_KEY_UNKNOWN:
    'What says where the log ends was signed with a key that is not configured (any more), so it can be neither believed nor called forged.',
} as const;

export type AuditProblemKind = keyof typeof AUDIT_PROBLEMS;

export interface AuditProblem {
  /** Of the entry. For HEAD_… the last that is there; 0 without any. */
  seq: number;
  kind: AuditProblemKind;
  message: string;
}

/** A point of the chain that is known to be right: the beginning, or a signed head. */
export interface ChainPoint {
  seq: number;
  hash: string;
}

export const BEGINNING: ChainPoint = { seq: 0, hash: FIRST_PREV_HASH };

export interface CheckedChain {
  entries: number; // that were looked at
  firstProblem: AuditProblem | null;
}

export interface ChainToCheck {
  entries: AsyncIterable<HashedEntry>;
  /** The entry before the first of `entries`. */
  from: ChainPoint;
  end: Pick<ChainEnd, 'seq' | 'hash'>;
  signed: ChainPoint | HeadFault | null;
}

export async function checkChain({ entries, from, end, signed }: ChainToCheck): Promise<CheckedChain> {
  const vouched = typeof signed === 'string' ? null : signed;
  let last = from;
  for await (const entry of entries) {
    const problem = checkEntry(entry, last) ?? checkAgainst(vouched, entry);
    if (problem) return { entries: last.seq - from.seq, firstProblem: problem };
    last = { seq: Number(entry.seq), hash: entry.hash };
  }
  return { entries: last.seq - from.seq, firstProblem: checkEnd(last, end, vouched) ?? checkHead(last, signed) };
}

function checkEntry(entry: HashedEntry, last: ChainPoint): AuditProblem | null {
  const seq = Number(entry.seq);
  if (seq > last.seq + 1) {
    const gone = seq === last.seq + 2 ? `Entry ${last.seq + 1} is` : `Entries ${last.seq + 1} to ${seq - 1} are`;
    return { seq: last.seq + 1, kind: 'REMOVED', message: `${gone} missing; entry ${seq} is there.` };
  }
  if (entryHash(entry) !== entry.hash) {
    return { seq, kind: 'CHANGED', message: `Entry ${seq} does not have the hash of what it says.` };
  }
  if (entry.prev_hash === last.hash) return null;
  const message = `Entry ${seq} does not go on from entry ${last.seq} as that is now: one of the two was written anew.`;
  return { seq: Math.max(1, last.seq), kind: 'CHANGED', message };
}

function checkAgainst(vouched: ChainPoint | null, entry: HashedEntry): AuditProblem | null {
  const seq = Number(entry.seq);
  if (!vouched || vouched.seq !== seq || vouched.hash === entry.hash) return null;
  const message = `Entry ${seq} had another hash when it was signed: it, or one before it, was written anew with all after it.`;
  return { seq, kind: 'CHANGED', message };
}

function checkEnd(last: ChainPoint, end: ChainPoint, vouched: ChainPoint | null): AuditProblem | null {
  const known = Math.max(end.seq, vouched?.seq ?? 0);
  if (known > last.seq) return truncated(last.seq, known);
  if (end.seq === last.seq && (last.seq === 0 || end.hash === last.hash)) return null;
  const message = `The database says that the log ends at entry ${end.seq}, but it ends at ${last.seq} with another hash.`;
  return { seq: last.seq, kind: 'HEAD_FORGED', message };
}

/** `last` is the last entry that is there, `known` the last that was. */
export function truncated(last: number, known: number): AuditProblem {
  const gone = known === last + 1 ? `Entry ${known} is` : `Entries ${last + 1} to ${known} are`;
  return { seq: last + 1, kind: 'TRUNCATED', message: `${gone} missing at the end.` };
}

function checkHead({ seq }: ChainPoint, signed: AuditHead | ChainPoint | HeadFault | null): AuditProblem | null {
  switch (signed) {
    case 'FORGED':
      return { seq, kind: 'HEAD_FORGED', message: 'The signature of the signed head is not of this server.' };
    case 'KEY_UNKNOWN':
      return {
        seq,
        kind: 'HEAD_KEY_UNKNOWN',
        message:
          'The signed head was signed with a key that is no longer configured. If SECRET_KEY was changed, put the one before into PREVIOUS_SECRET_KEYS and verify again.',
      };
    default:
      return null;
  }
}
