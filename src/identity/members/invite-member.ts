/**
 * Invites an address to the caller's tenant. The token is in the answer and nowhere else: no mail is sent, so whoever invites
 * passes it on. Whoever brings it within seven days becomes the member (accept-invitation.ts).
 */
import type { Role } from '../../platform/database/actor.js';
import type { Em } from '../../platform/database/em.js';
import { runSql } from '../../platform/database/sql.js';
import { AppError } from '../../platform/errors.js';
import { newId } from '../../platform/ids.js';
import { cleanEmail } from '../accounts/email-address.js';
import { recordAudit } from '../audit/record-audit.js';
import type { ActorCtx } from '../authorize.js';
import { INVITATION_PREFIX, newOneTimeToken } from '../one-time-token.js';
import { grantableRoles } from './member-roles.js';
import { type Membership, MembershipEntity } from './membership.entity.js';

const DAY_MS = 86_400_000;
export const INVITATION_LIFETIME_MS = 7 * DAY_MS;

/**
 * Inviting an address again ends the invitation before. Errors: FORBIDDEN below ADMIN and for roles above one's own;
 * BAD_INPUT; CONFLICT when a member has the address.
 */
export async function inviteMember(
  ctx: ActorCtx,
  input: { email: string; roles: Role[] },
): Promise<Membership & { invitationToken: string }> {
  const roles = grantableRoles(ctx.actor, input.roles);
  const email = cleanEmail(input.email, 'email');
  const token = newOneTimeToken(INVITATION_PREFIX);
  const [id, now] = [newId(), ctx.clock()];
  const expiresAt = new Date(now.getTime() + INVITATION_LIFETIME_MS);
  const membership = await ctx.em.transactional(async (transaction) => {
    const em = transaction as Em;
    const [row] = await runSql<{ invited: boolean }>(em, 'select invite_member($1, $2, $3, $4, $5, $6) as invited', [
      id,
      roles,
      email,
      token.sha256,
      now,
      expiresAt,
    ]);
    if (!row?.invited) throw isMember(email);
    const made = await em.findOneOrFail(MembershipEntity, { id }); // here: once committed, another may replace it
    await recordAudit(em, { action: 'MEMBER_INVITED', target: { type: 'Membership', id }, metadata: { roles } });
    return made;
  });
  const { tenantId, userId, status, createdAt } = membership;
  return { id, tenantId, userId, roles, status, createdAt, invitationToken: token.text };
}

const isMember = (email: string) =>
  new AppError('CONFLICT', `${email} is a member already.`, { hint: 'Change their roles (`setMemberRoles`).' });
