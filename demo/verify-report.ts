/**
 * Checks a report from its files and the documents it was made from, believing nothing that the server says of itself and
 * sharing no code with it:
 *
 *   sentence of report.json ── its bytes stand at its offsets in report.md
 *     └─ claim of claims.json ── each of its words comes, in this order, from the quote of its first receipt
 *          └─ receipt ── its quote stands byte for byte at its offsets in the snapshot
 *               └─ snapshot ── its text has the hash named, and it was made from one of the documents
 */
import { createHash } from 'node:crypto';

export interface Verification {
  /** Sentences of the report that are claims. */
  claims: number;
  /** Those of them with a receipt that verifies. */
  verified: number;
  quotes: number;
  snapshots: number;
  /** A sentence for each thing that does not hold. */
  problems: string[];
}

interface ReportJson {
  sections: { sentences: { text: string; startOffset: number; endOffset: number; claim: string | null }[] }[];
}

interface ClaimsJson {
  snapshots: { id: string; sha256: string; originalSha256: string | null; text: string | null }[];
  claims: { id: string; text: string; receipts: Receipt[] }[];
}

interface Receipt {
  snapshotId: string;
  snapshotSha256: string;
  quote: string;
  startOffset: number;
  endOffset: number;
  stance: string;
}

export interface VerifiedFiles {
  'report.md': Buffer;
  'report.json': Buffer;
  'claims.json': Buffer;
}

/** `documents`: sha256 of the files that were uploaded. */
export function verifyReport(files: VerifiedFiles, documents: ReadonlySet<string>): Verification {
  const report = JSON.parse(files['report.json'].toString()) as ReportJson;
  const map = JSON.parse(files['claims.json'].toString()) as ClaimsJson;
  const result: Verification = { claims: 0, verified: 0, quotes: 0, snapshots: 0, problems: [] };
  const snapshots = new Map<string, Buffer>();
  for (const snapshot of map.snapshots) {
    if (snapshot.text === null) continue;
    const text = Buffer.from(snapshot.text);
    if (sha256(text) !== snapshot.sha256)
      result.problems.push(`Snapshot ${snapshot.id} has another hash than it says.`);
    else if (!documents.has(snapshot.originalSha256 ?? snapshot.sha256)) {
      result.problems.push(`Snapshot ${snapshot.id} was made from none of the documents.`);
    } else snapshots.set(`${snapshot.id} ${snapshot.sha256}`, text);
  }
  const claims = new Map(map.claims.map((claim) => [claim.id, claim]));
  for (const sentence of report.sections.flatMap((section) => section.sentences)) {
    const standing = files['report.md'].subarray(sentence.startOffset, sentence.endOffset).toString();
    if (standing !== sentence.text) result.problems.push(`report.md does not say at its place: ${sentence.text}`);
    if (sentence.claim === null) continue;
    result.claims += 1;
    const claim = claims.get(sentence.claim);
    const holding = claim?.receipts.filter((receipt) => holds(receipt, snapshots)) ?? [];
    result.quotes += holding.length;
    const supported = holding.some(
      (receipt) => receipt.stance === 'SUPPORTS' && isDrawnFrom(claim?.text ?? '', receipt),
    );
    if (supported) result.verified += 1;
    else result.problems.push(`No receipt verifies: ${sentence.text}`);
  }
  result.snapshots = snapshots.size;
  return result;
}

function holds(receipt: Receipt, snapshots: ReadonlyMap<string, Buffer>): boolean {
  const text = snapshots.get(`${receipt.snapshotId} ${receipt.snapshotSha256}`);
  return text?.subarray(receipt.startOffset, receipt.endOffset).equals(Buffer.from(receipt.quote)) === true;
}

/** A claim may begin with words of the report's own, such as “However,” or the name of who said it. */
const OPENING_WORDS = 8;

function isDrawnFrom(claim: string, { quote }: Receipt): boolean {
  const words = wordsOf(claim);
  const quoted = wordsOf(quote);
  for (let opening = 0; opening <= Math.min(OPENING_WORDS, words.length - 1); opening += 1) {
    if (isSubsequence(words.slice(opening), quoted)) return true;
  }
  return false;
}

function isSubsequence(words: readonly string[], of: readonly string[]): boolean {
  let at = 0;
  for (const word of words) {
    at = of.indexOf(word, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
