/**
 * The signed head of a tenant's audit log: "at this time it had so many entries, and the last had this hash". It is kept in
 * the blob store, outside of the database, under a key that only the server can make. So entries cut off at the end are
 * missed, and a chain that was computed anew, as whoever owns the database can, does not fit.
 *
 * What it cannot show: that somebody who can write both the database and the blob store has put both back to an earlier
 * time. Each head is logged when it is signed, for those who keep their logs elsewhere.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { auditHeadKey } from '../../platform/blobs/blob-key.js';
import type { BlobStore } from '../../platform/blobs/blob-store.js';
import { isAppError } from '../../platform/errors.js';

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

/** Why there is no head to go by. */
export type HeadFault = 'SIGNED_BY_ANOTHER_KEY' | 'FORGED';

export interface AuditHeadStore {
  /** Null when none was signed yet. Throws UNAVAILABLE. */
  read(tenantId: string): Promise<AuditHead | HeadFault | null>;
  /** Replaces the one before. */
  write(head: AuditHead): Promise<void>;
  /** The tenants that have one. */
  tenants(): AsyncIterable<string>;
}

const MAX_BYTES = 4_096;

/** `key`: 32 bytes, of this purpose alone, the same for every process of an installation. */
export function openAuditHeads(blobs: BlobStore, key: Uint8Array): AuditHeadStore {
  const keyId = createHash('sha256').update(key).digest('hex').slice(0, 16);
  const sign = ({ tenantId, seq, hash, signedAt }: AuditHead) =>
    createHmac('sha256', key)
      .update(JSON.stringify(['paperwright-audit-head-1', tenantId, seq, hash, signedAt]))
      .digest();

  function open(bytes: Buffer, tenantId: string): AuditHead | HeadFault {
    const parsed = SignedHead.safeParse(parseJson(bytes));
    if (!parsed.success || parsed.data.tenantId !== tenantId) return 'FORGED';
    const { keyId: signedBy, signature, ...head } = parsed.data;
    if (timingSafeEqual(Buffer.from(signature, 'hex'), sign(head))) return head;
    return signedBy === keyId ? 'FORGED' : 'SIGNED_BY_ANOTHER_KEY';
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
    async write(head) {
      const signed = { ...head, keyId, signature: sign(head).toString('hex') };
      await blobs.put(auditHeadKey(head.tenantId), Buffer.from(`${JSON.stringify(signed)}\n`));
    },
    async *tenants() {
      for await (const { key: name } of blobs.list(AUDIT_HEADS)) yield name.slice(AUDIT_HEADS.length);
    },
  };
}

const AUDIT_HEADS = 'audit-heads/';

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
