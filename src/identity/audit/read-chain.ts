/** The entries of one tenant's audit log in order, a chunk at a time, as text: what their hashes are taken of. */
import { runSql, type SqlScope } from '../../platform/database/sql.js';
import type { HashedEntry } from './entry-hash.js';

const CHUNK = 500; // entries, of some 700 bytes each; none is longer than 10 KiB

const READ = `
  select tenant_id::text, seq::text, (extract(epoch from at) * 1000000)::bigint::text as at_us, action, actor_kind,
         actor_id::text, credential_id::text, run_id::text, target_type, target_id, ip, user_agent, request_id,
         metadata::text, encode(prev_hash, 'hex') as prev_hash, encode(hash, 'hex') as hash
  from audit_entries e where tenant_id = $1 and e.seq > $2 order by e.seq limit $3`;

/** Those after `after`, up to the end. `scope` is of the tenant, and of one moment if the end matters. */
export async function* readChain(
  scope: SqlScope,
  tenantId: string,
  after = 0,
): AsyncGenerator<HashedEntry, void, void> {
  for (let last = after; ; ) {
    const chunk = await runSql<HashedEntry>(scope, READ, [tenantId, last, CHUNK]);
    yield* chunk;
    if (chunk.length < CHUNK) return;
    last = Number(chunk.at(-1)?.seq);
  }
}

/** Where the database says that the chain ends, and the moment this transaction sees. */
export interface ChainEnd {
  seq: number; // 0: no entry
  hash: string; // hex; '' without an entry
  seenAt: string; // ISO 8601
}

export async function readChainEnd(scope: SqlScope, tenantId: string): Promise<ChainEnd> {
  const [row] = await runSql<{ seq: number | null; hash: string | null; seen_at: string }>(
    scope,
    `select h.seq, encode(h.hash, 'hex') as hash, to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as seen_at
     from (select 1) one left join audit_heads h on h.tenant_id = $1`,
    [tenantId],
  );
  return { seq: row?.seq ?? 0, hash: row?.hash ?? '', seenAt: row?.seen_at ?? '' };
}
