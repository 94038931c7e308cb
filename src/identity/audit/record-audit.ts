/**
 * Appends to the audit log, in the transaction of the change: both are there, or neither. The database takes the tenant, the
 * person, the credential and the request from the transaction's own settings (src/platform/database/database.ts), numbers
 * the entry and chains it to the one before (src/migrations/0019_audit.sql); a use case names what was done, and to what.
 *
 * The entries of a tenant are ordered by a row lock that lasts until the transaction ends. So it comes last in one: after
 * every other lock, and before as little work as can be.
 */
import type { Em } from '../../platform/database/em.js';
import type { RequestOrigin } from '../../platform/database/origin.js';
import { prepared, runSql, type SqlScope } from '../../platform/database/sql.js';
import { AppError } from '../../platform/errors.js';
import type { AuditAction, AuditTargetType } from './audit-action.js';

export interface AuditDraft {
  action: AuditAction;
  /** `id`: uuid, or the hex sha256 of a Blob. */
  target?: { type: AuditTargetType; id: string };
  /** uuid, where a worker does it for a run. */
  runId?: string;
  /** Facts, a few hundred bytes: no secret, and no content or name of what may be hidden from an administrator. */
  metadata?: Record<string, unknown>;
}

const RECORD = prepared('select record_audit($1, $2)');

/** A member who has just proven to be one, and enters the tenant: whatever the transaction's own is. uuids. */
export interface Proven {
  tenantId: string;
  userId: string;
  credentialId?: string;
}

/** `scope` is in a transaction, of a tenant unless `proven` names one. Several entries keep their order. Resolves to nothing. */
export async function recordAudit(scope: SqlScope, drafts: AuditDraft | readonly AuditDraft[], proven?: Proven) {
  if (!('query' in scope) && !(scope as Em).isInTransaction()) {
    throw new AppError('INTERNAL', 'An audit entry is recorded within the transaction of the change.');
  }
  await runSql(scope, RECORD, [toJson(drafts), proven ? JSON.stringify(proven) : null]);
}

/** As `recordAudit`, for what somebody did who holds a link and no credential. */
export async function recordLinkUse(scope: SqlScope, draft: AuditDraft, origin: RequestOrigin): Promise<void> {
  await runSql(scope, `select set_config('app.origin', $1, true)`, [JSON.stringify(origin)]);
  await runSql(scope, `select record_audit($1, null, 'LINK')`, [toJson(draft)]);
}

const toJson = (drafts: AuditDraft | readonly AuditDraft[]): string =>
  JSON.stringify(
    [drafts].flat().map(({ action, target, runId, metadata }) => ({
      action,
      targetType: target?.type ?? null,
      targetId: target?.id ?? null,
      runId: runId ?? null,
      metadata: metadata ?? {},
    })),
  );
