/** Adds a person to the caller's tenant, with a password to hand over. */
import type { Role } from '../../platform/database/actor.js';
import { runSql } from '../../platform/database/sql.js';
import { newId } from '../../platform/ids.js';
import { cleanLine } from '../../platform/text-input.js';
import { cleanEmail } from '../accounts/email-address.js';
import { emailTaken } from '../accounts/email-taken.js';
import { checkNewPassword, hashPassword } from '../accounts/password.js';
import { MAX_NAME_LENGTH } from '../accounts/register.js';
import type { ActorCtx } from '../authorize.js';
import { grantableRoles } from './member-roles.js';
import { type Membership, MembershipEntity } from './membership.entity.js';

export interface Invitation {
  email: string;
  displayName: string;
  temporaryPassword: string;
  roles: Role[];
}

/** Errors: FORBIDDEN below ADMIN and for roles above one's own; BAD_INPUT; CONFLICT when the address has an account. */
export async function inviteMember(ctx: ActorCtx, input: Invitation): Promise<Membership> {
  const roles = grantableRoles(ctx.actor, input.roles);
  const email = cleanEmail(input.email, 'email');
  const displayName = cleanLine(input.displayName, { field: 'displayName', max: MAX_NAME_LENGTH });
  const passwordHash = await hashPassword(checkNewPassword(input.temporaryPassword, 'temporaryPassword'));
  const membershipId = newId();
  await runSql(ctx.em, 'select add_member($1, $2, $3, $4, $5, $6)', [
    newId(),
    email,
    displayName,
    passwordHash,
    membershipId,
    roles,
  ]).catch(emailTaken(email));
  return ctx.em.findOneOrFail(MembershipEntity, { id: membershipId });
}
