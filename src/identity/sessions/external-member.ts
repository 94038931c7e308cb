/** The member whom another issuer's word stands for: made when it is first given, in a tenant that exists. */
import type { Actor, Role } from '../../platform/database/actor.js';
import type { SqlRunner } from '../../platform/database/sql.js';
import { newId } from '../../platform/ids.js';
import { capRoles, unauthenticated } from '../authorize.js';

export interface Vouched {
  issuer: string;
  subject: string;
  tenantId: string;
  roles: readonly Role[]; // at least one; what a new member gets
  displayName: string | undefined;
  issuedAt: Date;
}

interface MemberRow {
  credential_id: string;
  tenant_id: string;
  user_id: string;
  roles: Role[];
}

/** With the member's own roles. Throws UNAUTHENTICATED: no such tenant, signed out since, or removed from the tenant. */
export async function admitExternal(sql: SqlRunner, vouched: Vouched): Promise<Actor> {
  const row = (await findMember(sql, vouched)) ?? (await makeMember(sql, vouched));
  if (!row)
    throw unauthenticated('The token holds for nobody here: no such tenant, signed out, or no longer a member.');
  return { tenantId: row.tenant_id, userId: row.user_id, credentialId: row.credential_id, roles: row.roles };
}

/** Of an external token: the member's roles, but none above those of the token. */
export async function externalActor(sql: SqlRunner, vouched: Vouched): Promise<Actor> {
  const member = await admitExternal(sql, vouched);
  return { ...member, roles: capRoles(member.roles, vouched.roles), memberRoles: member.roles };
}

async function findMember(sql: SqlRunner, { issuer, subject, tenantId, issuedAt }: Vouched) {
  const [row] = await sql.query<MemberRow>('select * from authenticate_external($1, $2, $3, $4)', [
    issuer,
    subject,
    tenantId,
    issuedAt,
  ]);
  return row;
}

async function makeMember(sql: SqlRunner, vouched: Vouched): Promise<MemberRow | undefined> {
  const userId = newId();
  await sql.query('select admit_external($1, $2, $3, $4, $5, $6, $7, $8, $9)', [
    vouched.issuer,
    vouched.subject,
    vouched.tenantId,
    newId(),
    userId,
    newId(),
    addressOf(userId),
    vouched.displayName ?? vouched.subject.slice(0, MAX_NAME_CHARACTERS),
    [...vouched.roles],
  ]);
  return findMember(sql, vouched);
}

const MAX_NAME_CHARACTERS = 120;

/** Accounts have an address; no mail can ever go to this one (RFC 2606), and a claim's would have to be proven first. */
const addressOf = (userId: string): string => `${userId}@external.invalid`;
