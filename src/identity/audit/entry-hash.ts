/**
 * The hash of an audit entry, computed without the database's help: whoever can alter rows there may be able to alter its
 * functions too. Fields are the database's own text of them (src/migrations/0019_audit.sql, audit_entry_text), each with
 * its length in bytes before it, so that no two entries read the same.
 */
import { createHash } from 'node:crypto';

/** Of a row of audit_entries, every column as text: uuids, decimal numbers, `at` in microseconds since 1970, hashes in hex. */
export interface HashedEntry {
  tenant_id: string;
  seq: string;
  at_us: string;
  action: string;
  actor_kind: string;
  actor_id: string | null;
  credential_id: string | null;
  run_id: string | null;
  target_type: string | null;
  target_id: string | null;
  ip: string | null;
  user_agent: string | null;
  request_id: string | null;
  metadata: string;
  prev_hash: string;
  hash: string;
}

export const FIRST_PREV_HASH = '00'.repeat(32);

/** Hex. */
export function entryHash(e: HashedEntry): string {
  const fields = [
    'paperwright-audit-1',
    ...[e.tenant_id, e.seq, e.at_us, e.action, e.actor_kind, e.actor_id, e.credential_id, e.run_id],
    ...[e.target_type, e.target_id, e.ip, e.user_agent, e.request_id, e.metadata, e.prev_hash],
  ];
  const text = fields.map((field) => (field === null ? '-' : `${Buffer.byteLength(field)}:${field}`)).join(',');
  return createHash('sha256').update(text).digest('hex');
}
