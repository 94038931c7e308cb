/**
 * The worker's sweep: signs the end of every log that has grown, after checking that it goes on from the head signed before.
 * At its start it looks at all logs, and signs anew what an earlier key has signed. A log that does not is left with its old head, so that the proof is not lost, and told about in the log, each time.
 * Any number of workers may do it at once: they sign the same.
 */
import type { Database } from '../../platform/database/database.js';
import { runSql } from '../../platform/database/sql.js';
import type { Log } from '../../platform/log.js';
import type { AuditHead, AuditHeadStore } from './audit-head.js';
import { BEGINNING, checkChain, truncated } from './check-chain.js';
import { readChain } from './read-chain.js';

export interface SignedHeads {
  signed: number;
  problems: number;
}

interface HeadRow {
  tenant_id: string;
  seq: number;
  hash: string;
  asked_at: string; // ISO 8601 in UTC, microseconds
}

const OVERLAP_MS = 60_000; // 1 minute: an entry is stamped before its transaction commits, and none lasts as long

export interface HeadSigner {
  /** One round over the logs that have grown since the last good one; over all of them the first time. */
  sign(): Promise<SignedHeads>;
}

interface Signing {
  database: Database;
  heads: AuditHeadStore;
  log: Log;
}

export function createHeadSigner(ctx: Signing): HeadSigner {
  let since = '-infinity';
  return {
    async sign() {
      const rows = await runSql<HeadRow>(ctx.database.nobody, HEADS_SINCE, [since]);
      const outcomes = { SIGNED: 0, UNCHANGED: 0, PROBLEM: 0 };
      for (const row of rows) outcomes[await signOne(ctx, row)] += 1;
      const [first] = rows;
      if (first && outcomes.PROBLEM === 0) since = new Date(Date.parse(first.asked_at) - OVERLAP_MS).toISOString();
      return { signed: outcomes.SIGNED, problems: outcomes.PROBLEM };
    },
  };
}

const HEADS_SINCE = `
  select tenant_id, seq, hash, to_char(asked_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as asked_at
  from audit_heads_since($1)`;

async function signOne({ database, heads, log }: Signing, row: HeadRow): Promise<'SIGNED' | 'UNCHANGED' | 'PROBLEM'> {
  const tenantId = row.tenant_id;
  const before = await heads.read(tenantId);
  const from = before === null || typeof before === 'string' ? BEGINNING : before;
  const byEarlierKey = before !== null && typeof before !== 'string' && before.byEarlierKey;
  if (!byEarlierKey && from.seq === row.seq && from.hash === row.hash) return 'UNCHANGED';
  const { firstProblem } =
    row.seq < from.seq
      ? { firstProblem: truncated(row.seq, from.seq) }
      : await checkChain({
          entries: upTo(row.seq, readChain(database.eachInTenant(tenantId), tenantId, from.seq)),
          from,
          end: row,
          signed: before,
        });
  if (firstProblem) {
    log.error({ tenantId, ...firstProblem }, 'the audit log of a tenant is not as it was written, and was not signed');
    return 'PROBLEM';
  }
  const head: AuditHead = { tenantId, seq: row.seq, hash: row.hash, signedAt: row.asked_at };
  await heads.write(head);
  log.info({ auditHead: head }, 'signed the end of an audit log');
  return 'SIGNED';
}

/** Others may append while we read. */
async function* upTo<T extends { seq: string }>(last: number, entries: AsyncIterable<T>) {
  for await (const entry of entries) {
    if (Number(entry.seq) > last) return;
    yield entry;
  }
}
