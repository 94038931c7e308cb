/** Changes what a member may do. The change holds from the member's next request on; open sockets are closed. */
import type { Role } from '../../platform/database/actor.js';
import type { Em } from '../../platform/database/database.js';
import { runSql } from '../../platform/database/sql.js';
import { AppError, notFound } from '../../platform/errors.js';
import { decodeId } from '../../platform/ids.js';
import { type ActorCtx, rankOf } from '../authorize.js';
import { grantableRoles } from './member-roles.js';
import { type Membership, MembershipEntity } from './membership.entity.js';

/** Errors: FORBIDDEN below ADMIN and for members above oneself; NOT_FOUND; INVALID_STATE for the last OWNER. */
export async function setMemberRoles(
  ctx: ActorCtx,
  input: { membershipId: string; roles: Role[] },
): Promise<Membership> {
  const roles = grantableRoles(ctx.actor, input.roles);
  const id = decodeId('mem', input.membershipId);
  await ctx.em.transactional(async (transaction) => {
    const em = transaction as Em;
    // The owners are locked first and always, so that two owners who demote each other at once cannot both succeed.
    const owners = await runSql<{ id: string }>(
      em,
      `select id from memberships where 'OWNER' = any (roles) order by id for update`,
    );
    const [member] = await runSql<{ roles: Role[] }>(em, 'select roles from memberships where id = $1 for update', [
      id,
    ]);
    if (!member) throw notFound('Membership');
    if (rankOf(member.roles) > rankOf(ctx.actor.roles)) {
      throw new AppError('FORBIDDEN', 'You cannot change the roles of a member above you.', { hint: 'An OWNER can.' });
    }
    if (!roles.includes('OWNER') && owners.every((owner) => owner.id === id)) {
      throw new AppError('INVALID_STATE', 'A tenant keeps at least one OWNER.', {
        hint: 'Make another member OWNER first.',
      });
    }
    await runSql(em, 'update memberships set roles = $2 where id = $1', [id, roles]);
  });
  return ctx.em.findOneOrFail(MembershipEntity, { id }, { refresh: true });
}
