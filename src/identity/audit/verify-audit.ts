/**
 * Verifies one tenant's audit log from its first entry to its last against its signed head, and signs the end it has found
 * to be right. Reads chunk by chunk: memory does not grow with the log.
 *
 * Between reading the signed head and the log, others may append and sign. A head that was signed after the moment which
 * the transaction sees vouches for entries it cannot see; such a head is held against those it can.
 */
import type { SqlScope } from '../../platform/database/sql.js';
import type { AuditHead, AuditHeadStore, HeadFault, SignedAuditHead } from './audit-head.js';
import { type AuditProblem, BEGINNING, checkChain } from './check-chain.js';
import { type ChainEnd, readChain, readChainEnd } from './read-chain.js';

export interface AuditVerification {
  ok: boolean;
  /** How many were found to be right. */
  entries: number;
  firstProblem: AuditProblem | null;
  /** The last entry, as the database says; 0 without any. */
  headSeq: number;
  /** The last entry that a signed head vouched for before; null when none was signed yet, or it cannot be believed. */
  signedSeq: number | null;
  checkedAt: Date;
}

/** `scope`: a transaction of the tenant that sees one moment. Throws UNAVAILABLE when the heads cannot be read. */
export async function verifyAudit(
  ctx: { scope: SqlScope; heads: AuditHeadStore; clock: () => Date },
  tenantId: string,
): Promise<AuditVerification> {
  const signed = await ctx.heads.read(tenantId);
  const end = await readChainEnd(ctx.scope, tenantId);
  const checked = await checkChain({
    entries: readChain(ctx.scope, tenantId),
    from: BEGINNING,
    end,
    signed: seenFrom(end, signed),
  });
  const ok = checked.firstProblem === null;
  const vouched = signed && typeof signed !== 'string' ? signed : null;
  const signedSeq = vouched?.seq ?? null;
  const isNews = end.seq > (signedSeq ?? 0) || (end.seq === signedSeq && vouched?.byEarlierKey);
  if (ok && isNews) await ctx.heads.write(headOf(tenantId, end));
  return { ok, ...checked, headSeq: end.seq, signedSeq, checkedAt: ctx.clock() };
}

export const headOf = (tenantId: string, end: ChainEnd): AuditHead => ({
  tenantId,
  seq: end.seq,
  hash: end.hash,
  signedAt: end.seenAt,
});

function seenFrom(end: ChainEnd, signed: SignedAuditHead | HeadFault | null): SignedAuditHead | HeadFault | null {
  if (!signed || typeof signed === 'string') return signed;
  const isLater = signed.signedAt > end.seenAt; // both ISO 8601 in UTC with microseconds
  return isLater && signed.seq > end.seq ? null : signed;
}
