/**
 * Ends memberships: removing a member, leaving, and taking an invitation back. Sessions and API keys of the member go with
 * it, open sockets are closed; projects go to the tenant's oldest other owner; runs and papers stay.
 */
import type { Em } from '../../platform/database/database.js';
import { runSql } from '../../platform/database/sql.js';
import { notFound } from '../../platform/errors.js';
import { decodeId, encodeId } from '../../platform/ids.js';
import { requireSession } from '../accounts/require-session.js';
import { recordAudit } from '../audit/record-audit.js';
import { type ActorCtx, requireRole } from '../authorize.js';
import { type LockedMember, lockMember } from './lock-members.js';
import { MembershipEntity } from './membership.entity.js';

/** Answers the id. Errors: FORBIDDEN below ADMIN and for members above oneself; NOT_FOUND; CONFLICT for the last OWNER. */
export async function removeMember(ctx: ActorCtx, publicId: string): Promise<string> {
  requireRole(ctx.actor, 'ADMIN');
  await end(ctx, decodeId('mem', publicId), (member) => member.status === 'ACTIVE', 'MEMBER_REMOVED');
  return publicId;
}

/** The link no longer works. Answers the id. Errors: FORBIDDEN below ADMIN and for roles above one's own; NOT_FOUND. */
export async function revokeInvitation(ctx: ActorCtx, publicId: string): Promise<string> {
  requireRole(ctx.actor, 'ADMIN');
  await end(ctx, decodeId('mem', publicId), (member) => member.status === 'INVITED', 'INVITATION_REVOKED');
  return publicId;
}

/** Errors: CONFLICT for the last OWNER; FORBIDDEN (an API key). */
export async function leaveTenant(ctx: ActorCtx): Promise<void> {
  await requireSession(ctx);
  const own = await ctx.em.findOneOrFail(MembershipEntity, { userId: ctx.actor.userId });
  await end(ctx, own.id, () => true, 'MEMBER_REMOVED');
}

async function end(
  ctx: ActorCtx,
  id: string,
  isMeant: (member: LockedMember) => boolean,
  action: 'MEMBER_REMOVED' | 'INVITATION_REVOKED',
): Promise<void> {
  await ctx.em.transactional(async (transaction) => {
    const em = transaction as Em;
    const member = await lockMember(em, ctx.actor, id);
    if (!isMeant(member)) throw notFound('Membership');
    member.requireAnotherOwner();
    await runSql(em, 'select remove_membership($1)', [id]);
    const metadata = { roles: member.roles, ...(member.userId && { userId: encodeId('user', member.userId) }) };
    await recordAudit(em, { action, target: { type: 'Membership', id }, metadata });
  });
}
