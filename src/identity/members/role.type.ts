import { registerEnumType } from 'type-graphql';
import { ROLES, type Role } from '../../platform/database/actor.js';

/** The enum as type-graphql wants it: an object of its names. */
export const RoleEnum = Object.fromEntries(ROLES.map((role) => [role, role])) as { [R in Role]: R };

registerEnumType(RoleEnum, {
  name: 'Role',
  description: 'Ranks: each may do all that the ones before it may.',
  valuesConfig: {
    VIEWER: { description: 'Reads.' },
    RESEARCHER: { description: 'Creates projects and starts runs.' },
    ADMIN: { description: 'Manages members, keys and the projects of others.' },
    OWNER: { description: 'Sees private projects too, and makes other owners.' },
  },
});
