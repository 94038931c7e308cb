/**
 * Checks a report from its files and the documents it was made from, believing nothing that the server says of itself and
 * sharing no code with it:
 *
 *   sentence of report.json ── its bytes stand at its offsets in report.md
 *     └─ claim of claims.json ── its words are those of the quote of a receipt
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

/** A quotation in the authors' own voice is introduced by who says it. */
const ATTRIBUTION = /^[^“]+ reports?: “(.*)”$/s;
/** What ties a sentence to the one before, such as “However,”, may be left out. */
const OPENING_WORDS = 4;

/** Word for word, apart from asides in brackets, link targets and the opening. */
function isDrawnFrom(claim: string, { quote }: Receipt): boolean {
  const words = wordsOf(claim.replace(ATTRIBUTION, '$1'));
  const quoted = wordsOf(quote);
  const left = quoted.length - words.length;
  return (
    words.length > 0 && left >= 0 && left <= OPENING_WORDS && words.every((word, at) => word === quoted[left + at])
  );
}

function wordsOf(text: string): string[] {
  let bare = text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
  for (let before = ''; before !== bare; ) {
    before = bare;
    bare = bare.replace(/\([^()[\]]*\)|\[[^()[\]]*\]/g, ' ');
  }
  return bare.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
