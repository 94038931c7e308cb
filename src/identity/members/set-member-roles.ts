/** Changes what a member may do. The change holds from the member's next request on; open sockets are closed. */
import type { Role } from '../../platform/database/actor.js';
import type { Em } from '../../platform/database/database.js';
import { runSql } from '../../platform/database/sql.js';
import { decodeId } from '../../platform/ids.js';
import { recordAudit } from '../audit/record-audit.js';
import type { ActorCtx } from '../authorize.js';
import { lockMember } from './lock-members.js';
import { grantableRoles } from './member-roles.js';
import { type Membership, MembershipEntity } from './membership.entity.js';

/** Errors: FORBIDDEN below ADMIN and for members above oneself; NOT_FOUND; CONFLICT for the last OWNER. */
export async function setMemberRoles(
  ctx: ActorCtx,
  input: { membershipId: string; roles: Role[] },
): Promise<Membership> {
  const roles = grantableRoles(ctx.actor, input.roles);
  const id = decodeId('mem', input.membershipId);
  await ctx.em.transactional(async (transaction) => {
    const em = transaction as Em;
    const member = await lockMember(em, ctx.actor, id);
    if (!roles.includes('OWNER')) member.requireAnotherOwner();
    await runSql(em, 'update memberships set roles = $2 where id = $1', [id, roles]);
    const metadata = { before: member.roles, after: roles };
    await recordAudit(em, { action: 'MEMBER_ROLES_CHANGED', target: { type: 'Membership', id }, metadata });
  });
  return ctx.em.findOneOrFail(MembershipEntity, { id }, { refresh: true });
}
