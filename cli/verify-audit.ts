/**
 * `paperwright verify-audit`: verifies the audit logs of all tenants, or of one, with the settings of the server (DATABASE_URL
 * or the roles' own, DATA_DIR, SECRET_KEY, BLOB_STORE). Of the embedded database only while `npm start` does not run. Changes
 * nothing but the signed heads of logs that it has found to be right.
 */
import { IsolationLevel } from '@mikro-orm/postgresql';
import { loadConfig } from '../src/config.js';
import type { AuditHeadStore } from '../src/identity/audit/audit-head.js';
import { type AuditVerification, verifyAudit } from '../src/identity/audit/verify-audit.js';
import { openAuditHeads, openBlobStore } from '../src/open-blob-store.js';
import { type Database, openDatabase } from '../src/platform/database/database.js';
import { runSql } from '../src/platform/database/sql.js';
import { decodeId, encodeId } from '../src/platform/ids.js';
import { reachDatabase } from './reach-database.js';

export interface AuditRequest {
  command: 'verify-audit';
  tenant: string | null; // public id; null: all
  format: 'text' | 'json';
}

export interface VerifiedTenant extends AuditVerification {
  tenantId: string; // public id
}

const CONNECTIONS = 2;

/** `ok` is false when something was tampered with. Errors: those of the settings, the database and the blob store. */
export async function verifyAudits(request: AuditRequest): Promise<{ ok: boolean; output: string }> {
  const only = request.tenant === null ? null : decodeId('ten', request.tenant);
  const config = loadConfig();
  const { urls, stop } = await reachDatabase(config);
  const database = await openDatabase({ url: urls.app, entities: [], poolSize: CONNECTIONS });
  try {
    const { store } = await openBlobStore(config, () => 'http://localhost'); // it hands out no URL
    const heads = openAuditHeads(config, store);
    const verified: VerifiedTenant[] = [];
    for (const tenantId of only ? [only] : await tenantsOf(database, heads)) {
      verified.push({ tenantId: encodeId('ten', tenantId), ...(await verifyOne(database, heads, tenantId)) });
    }
    const ok = verified.every((tenant) => tenant.ok);
    return { ok, output: request.format === 'json' ? asJson(ok, verified) : asText(verified) };
  } finally {
    await database.close();
    await stop();
  }
}

/** Those with a log, and those whose log is gone but for the signed head. */
async function tenantsOf(database: Database, heads: AuditHeadStore): Promise<string[]> {
  const rows = await runSql<{ tenant_id: string }>(
    database.nobody,
    `select tenant_id from audit_heads_since('-infinity')`,
  );
  const tenants = new Set(rows.map((row) => row.tenant_id));
  for await (const tenant of heads.tenants()) tenants.add(tenant);
  return [...tenants].sort();
}

async function verifyOne(database: Database, heads: AuditHeadStore, tenantId: string): Promise<AuditVerification> {
  const em = database.asTenant(tenantId);
  await em.begin({ readOnly: true, isolationLevel: IsolationLevel.REPEATABLE_READ });
  try {
    return await verifyAudit({ scope: em, heads, clock: () => new Date() }, tenantId);
  } finally {
    await em.rollback();
  }
}

const asJson = (ok: boolean, tenants: readonly VerifiedTenant[]): string =>
  `${JSON.stringify({ ok, tenants }, null, 2)}\n`;

function asText(tenants: readonly VerifiedTenant[]): string {
  const lines = tenants.map(({ tenantId, ok, entries, signedSeq, firstProblem }) => {
    if (firstProblem) return `${tenantId}  ${firstProblem.kind} at entry ${firstProblem.seq}: ${firstProblem.message}`;
    const signed = signedSeq === null ? 'not signed before' : `signed before up to ${signedSeq}`;
    return `${tenantId}  ${ok ? 'right' : 'wrong'}: ${entries} entries, ${signed}`;
  });
  const wrong = tenants.filter((tenant) => !tenant.ok).length;
  return `${[...lines, `${tenants.length} logs, ${wrong} with a problem`].join('\n')}\n`;
}
