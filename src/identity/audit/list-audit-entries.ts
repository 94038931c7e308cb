/** The audit log of the caller's tenant, newest first, by keyset over `seq`. Takes ADMIN. */
import { runSql } from '../../platform/database/sql.js';
import { badInput, notFound } from '../../platform/errors.js';
import { type Page, toPage } from '../../platform/graphql/connection.js';
import { type PageArgs, parsePageArgs } from '../../platform/graphql/page-args.js';
import { decodeId, parseId } from '../../platform/ids.js';
import { type ActorCtx, requireRole } from '../authorize.js';
import type { AuditActorKind, AuditFilter } from './audit.type.js';
import { AUDIT_TARGETS, type AuditAction, type AuditTargetType } from './audit-action.js';

/** Ids are uuids, but a Blob's, which is its sha256. */
export interface AuditEntry {
  /** Its place as a cursor of a connection has it. */
  id: string;
  seq: number;
  at: Date;
  action: AuditAction;
  actorKind: AuditActorKind;
  actorId: string | null;
  credentialId: string | null;
  runId: string | null;
  targetType: AuditTargetType | null;
  targetId: string | null;
  ip: string | null;
  userAgent: string | null;
  requestId: string | null;
  metadata: unknown;
  hash: string; // hex
}

const COLUMNS = `seq, at, action, actor_kind as "actorKind", actor_id as "actorId", credential_id as "credentialId",
  run_id as "runId", target_type as "targetType", target_id as "targetId", ip, user_agent as "userAgent",
  request_id as "requestId", metadata, encode(hash, 'hex') as hash`;

/** Errors: FORBIDDEN below ADMIN; BAD_INPUT; NOT_FOUND for an id that can be of no user or target. */
export async function listAuditEntries(
  ctx: Pick<ActorCtx, 'em' | 'actor'>,
  filter: AuditFilter | null | undefined,
  page: PageArgs,
): Promise<Page<AuditEntry>> {
  requireRole(ctx.actor, 'ADMIN');
  const request = parsePageArgs(page);
  const params: unknown[] = [ctx.actor.tenantId];
  const conditions = ['tenant_id = $1'];
  const where = (condition: string, value: unknown) => {
    if (value == null) return;
    params.push(value);
    conditions.push(condition.replace('?', `$${params.length}`));
  };
  where('action = any (?)', filter?.actions);
  where('actor_id = ?', filter?.actorId == null ? null : decodeId('user', filter.actorId));
  where('target_id = ?', filter?.targetId == null ? null : targetOf(filter.targetId));
  where('at >= ?', filter?.since);
  where('at < ?', filter?.until);
  where('seq < ?', request.after && seqOf(request.after, 'after'));
  where('seq > ?', request.before && seqOf(request.before, 'before'));
  params.push(request.size + 1);
  const rows = await runSql<Omit<AuditEntry, 'id' | 'at'> & { at: string }>(
    ctx.em,
    `select ${COLUMNS} from audit_entries where ${conditions.join(' and ')}
     order by seq ${request.fromEnd ? 'asc' : 'desc'} limit $${params.length}`,
    params,
  );
  return toPage(
    rows.map((row) => ({ ...row, at: new Date(row.at), id: cursorId(row.seq) })),
    request,
  );
}

function targetOf(id: string): string {
  if (/^[0-9a-f]{64}$/.test(id)) return id;
  const parsed = parseId(id);
  if (!parsed || !Object.values<string | null>(AUDIT_TARGETS).includes(parsed.prefix)) throw notFound('Target');
  return parsed.uuid;
}

/** A connection's cursor is 16 bytes; a place in the log needs the last four. */
const cursorId = (seq: number): string => `00000000-0000-0000-0000-${seq.toString(16).padStart(12, '0')}`;

function seqOf(id: string, argument: string): number {
  const seq = Number.parseInt(id.slice(-12), 16);
  if (id === cursorId(seq) && seq <= MAX_SEQ) return seq;
  throw badInput(`\`${argument}\` is a cursor of another list. Use \`pageInfo.endCursor\` of an answer of this one.`, {
    argument,
  });
}

const MAX_SEQ = 2 ** 31 - 1; // integer of Postgres
