/**
 * The signed head of a tenant's audit log: "at this time it had so many entries, and the last had this hash". It is kept in
 * the blob store, outside of the database, under a key that only the server can make. So entries cut off at the end are
 * missed, and a chain that was computed anew, as whoever owns the database can, does not fit.
 *
 * What it cannot show: that somebody who can write both the database and the blob store has put both back to an earlier
 * time. Each head is logged when it is signed, for those who keep their logs elsewhere.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { auditHeadKey } from '../../platform/blobs/blob-key.js';
import type { BlobStore } from '../../platform/blobs/blob-store.js';
import { isAppError } from '../../platform/errors.js';
import { keyRing, type NamedKey } from '../../platform/key-ring.js';

export interface AuditHead {
  tenantId: string; // uuid
  seq: number; // 0: no entry yet
  hash: string; // hex, of entry `seq`
  /** ISO 8601, by the database's clock; every entry up to `seq` had been committed by then. */
  signedAt: string;
}

const SignedHead = z.strictObject({
  tenantId: z.uuid(),
  seq: z.int().nonnegative(),
  hash: z.hex().length(64),
  signedAt: z.iso.datetime(),
  keyId: z.string(),
  signature: z.hex().length(64),
});

export interface SignedAuditHead extends AuditHead {
  /** With a key before the present one: to be signed anew, so that that can be dropped. */
  byEarlierKey: boolean;
}

/**
 * Why there is no head to go by. KEY_UNKNOWN: it names a key that is not configured, be it an earlier one of ours or none;
 * without that key nobody can tell.
 */
export type HeadFault = 'KEY_UNKNOWN' | 'FORGED';

export interface AuditHeadStore {
  /** Null when none was signed yet. Throws UNAVAILABLE. */
  read(tenantId: string): Promise<SignedAuditHead | HeadFault | null>;
  /** Replaces the one before. */
  write(head: AuditHead): Promise<void>;
  /** The tenants that have one. */
  tenants(): AsyncIterable<string>;
}

const MAX_BYTES = 4_096;

/**
 * `key`: 32 bytes, of this purpose alone, the same for every process of an installation. `previous`: those before it, whose
 * signatures still count.
 */
export function openAuditHeads(
  blobs: BlobStore,
  key: Uint8Array,
  previous: readonly Uint8Array[] = [],
): AuditHeadStore {
  const keys = keyRing(key, previous);

  function open(bytes: Buffer, tenantId: string): SignedAuditHead | HeadFault {
    const parsed = SignedHead.safeParse(parseJson(bytes));
    if (!parsed.success || parsed.data.tenantId !== tenantId) return 'FORGED';
    const { keyId, signature, ...head } = parsed.data;
    const signedBy = keys.find(keyId);
    if (!signedBy) return 'KEY_UNKNOWN';
    if (!timingSafeEqual(Buffer.from(signature, 'hex'), sign(signedBy, head))) return 'FORGED';
    return { ...head, byEarlierKey: signedBy !== keys.current };
  }

  return {
    async read(tenantId) {
      try {
        return open(await blobs.read(auditHeadKey(tenantId), MAX_BYTES), tenantId);
      } catch (error) {
        if (isAppError(error) && error.code === 'NOT_FOUND') return null;
        if (isAppError(error) && error.code === 'QUOTA_EXCEEDED') return 'FORGED'; // no head is as large
        throw error;
      }
    },
    async write({ tenantId, seq, hash, signedAt }) {
      const head = { tenantId, seq, hash, signedAt };
      const signature = sign(keys.current, head).toString('hex');
      const signed = JSON.stringify({ ...head, keyId: keys.current.id, signature });
      await blobs.put(auditHeadKey(tenantId), Buffer.from(`${signed}\n`));
    },
    async *tenants() {
      for await (const { key: name } of blobs.list(AUDIT_HEADS)) yield name.slice(AUDIT_HEADS.length);
    },
  };
}

const AUDIT_HEADS = 'audit-heads/';

const sign = (key: NamedKey, { tenantId, seq, hash, signedAt }: AuditHead): Buffer =>
  createHmac('sha256', key.bytes)
    .update(JSON.stringify(['paperwright-audit-head-1', tenantId, seq, hash, signedAt]))
    .digest();

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
