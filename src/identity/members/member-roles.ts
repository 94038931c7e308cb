/** Which roles a member may give: at least one, and none above their own. */
import { type Actor, ROLES, type Role } from '../../platform/database/actor.js';
import { AppError, badInput } from '../../platform/errors.js';
import { rankOf, requireRole } from '../authorize.js';

/** Returns them without repeats, in the order of ROLES. Errors: FORBIDDEN, BAD_INPUT. */
export function grantableRoles(actor: Actor, roles: readonly Role[]): Role[] {
  requireRole(actor, 'ADMIN');
  if (roles.length === 0)
    throw badInput(`\`roles\` is empty. Give at least one of ${ROLES.join(', ')}.`, { field: 'roles' });
  if (rankOf(roles) > rankOf(actor.roles)) {
    throw new AppError('FORBIDDEN', 'You cannot give a role above your own.', { hint: 'An OWNER can.' });
  }
  return ROLES.filter((role) => roles.includes(role));
}
