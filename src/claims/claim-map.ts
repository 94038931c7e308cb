/**
 * The claim map: claim → verdict → receipts → snapshot → source, as the file claims.json. It carries everything that is
 * needed to check a report without the server that made it: the quotes, where they stand, the hashes, and the text of
 * the cited snapshots. It names no run and no time, so the same report gives the same bytes.
 */
import { createHash } from 'node:crypto';
import { sliceByBytes } from '../evidence/byte-offsets.js';
import type { Stance, Verdict } from './verdict.js';

export const CLAIM_MAP_FORMAT = 'paperwright-claims@1';

export interface ClaimMap {
  format: typeof CLAIM_MAP_FORMAT;
  question: string;
  engine: { name: string; model: string | null };
  facets: { text: string; answered: boolean }[];
  /** Words of the question that nothing read speaks of. */
  uncoveredTerms: string[];
  sources: ClaimMapSource[];
  snapshots: ClaimMapSnapshot[];
  /** What abbreviations in the claims stand for, each with the place where its source says so. */
  abbreviations: { short: string; long: string; receipt: ClaimMapReceipt }[];
  claims: ClaimMapClaim[];
  howToVerify: string[];
}

export interface ClaimMapSource {
  id: string;
  /** The [n] of the report; null for a source that was read and not cited. */
  number: number | null;
  title: string;
  authors: string[];
  year: number | null;
  snapshotId: string;
}

export interface ClaimMapSnapshot {
  id: string;
  sha256: string; // of the UTF-8 text, lower-case hex
  bytes: number;
  mediaType: string;
  /** The file the text was derived from, and by what; null when the text is the original. */
  originalSha256: string | null;
  extractor: string | null;
  /** The snapshot itself; null when it is too large to carry along (see MAX_EMBEDDED_BYTES of the export stage). */
  text: string | null;
}

export interface ClaimMapClaim {
  id: string;
  section: string;
  text: string;
  verdict: Verdict;
  confidence: number; // 0..1
  receipts: ClaimMapReceipt[];
}

export interface ClaimMapReceipt {
  sourceId: string;
  snapshotId: string;
  snapshotSha256: string;
  snippetId: string;
  quote: string;
  startOffset: number; // UTF-8 bytes into the snapshot, half-open
  endOffset: number;
  page: number | null;
  stance: Stance;
  score: number; // 0..1
  /** What the factcheck stage found; `verifyClaimMap` finds it again. */
  verified: boolean;
}

export const HOW_TO_VERIFY = [
  'Take a receipt and the snapshot with its snapshotId. Hash the UTF-8 bytes of the snapshot text with SHA-256: the result is snapshotSha256.',
  'Cut the bytes from startOffset up to, but not including, endOffset: the result is the quote, byte for byte.',
  'For a snapshot whose text is null, fetch it from the server by its id and do the same.',
  'Compare the claim with the quote of its first receipt: the words are the same in the same order, apart from an opening such as “However,”, a citation marker or a pointer to a figure, and the name before a quotation.',
];

export interface ReceiptCheck {
  claimId: string; // or the abbreviation
  receipt: number; // index among the claim's receipts
  verified: boolean;
  /** Why not; empty when verified. */
  reason: string;
}

/** Checks every receipt against the snapshots the map carries, or those `textOf` supplies. Trusts no `verified` flag. */
export function verifyClaimMap(
  map: ClaimMap,
  textOf: (snapshotId: string) => string | null = () => null,
): ReceiptCheck[] {
  const snapshots = new Map(
    map.snapshots.map((snapshot) => {
      const text = snapshot.text ?? textOf(snapshot.id);
      const bytes = text === null ? null : Buffer.from(text, 'utf8');
      return [snapshot.id, { bytes, sha256: bytes && createHash('sha256').update(bytes).digest('hex') }] as const;
    }),
  );
  const proven = [
    ...map.claims,
    ...map.abbreviations.map(({ short, receipt }) => ({ id: short, receipts: [receipt] })),
  ];
  return proven.flatMap(({ id, receipts }) =>
    receipts.map((receipt, index) => {
      const snapshot = snapshots.get(receipt.snapshotId);
      const reason = !snapshot?.bytes
        ? 'the text of the snapshot is not at hand'
        : snapshot.sha256 !== receipt.snapshotSha256
          ? 'the snapshot has another hash'
          : sliceByBytes(snapshot.bytes, receipt.startOffset, receipt.endOffset) !== receipt.quote
            ? 'the quote does not stand at its offsets'
            : '';
      return { claimId: id, receipt: index, verified: reason === '', reason };
    }),
  );
}
