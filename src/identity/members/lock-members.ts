/**
 * The rules of changing who is in a tenant, checked under locks. The owners are locked first and always, so that two of them
 * who demote, remove or leave at once cannot both succeed: a tenant keeps at least one. Nobody touches a member above them.
 */
import type { Actor, Role } from '../../platform/database/actor.js';
import type { Em } from '../../platform/database/database.js';
import { runSql } from '../../platform/database/sql.js';
import { AppError, notFound } from '../../platform/errors.js';
import { rankOf } from '../authorize.js';
import type { MembershipStatus } from './membership.entity.js';

export interface LockedMember {
  id: string;
  userId: string | null; // null: invited
  status: MembershipStatus;
  roles: Role[];
  /** Throws CONFLICT when the tenant would be left without an owner. */
  requireAnotherOwner(): void;
}

/** Errors: NOT_FOUND; FORBIDDEN for a member above the actor. `em` is in a transaction. */
export async function lockMember(em: Em, actor: Actor, id: string): Promise<LockedMember> {
  const owners = await runSql<{ id: string }>(
    em,
    `select id from memberships where 'OWNER' = any (roles) and status = 'ACTIVE' order by id for update`,
  );
  const [row] = await runSql<{ user_id: string | null; status: MembershipStatus; roles: Role[] }>(
    em,
    'select user_id, status, roles from memberships where id = $1 for update',
    [id],
  );
  if (!row) throw notFound('Membership');
  if (rankOf(row.roles) > rankOf(actor.roles)) {
    throw new AppError('FORBIDDEN', 'You cannot change a member above you.', { hint: 'An OWNER can.' });
  }
  return {
    id,
    userId: row.user_id,
    status: row.status,
    roles: row.roles,
    requireAnotherOwner() {
      if (row.status === 'INVITED' || owners.some((owner) => owner.id !== id)) return;
      throw new AppError('CONFLICT', 'A tenant keeps at least one OWNER.', {
        hint: 'Make another member OWNER first.',
      });
    },
  };
}
