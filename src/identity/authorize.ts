/**
 * Who may do what. Roles are ranks: each may do all that the ones below it may. The permissions of src/api are the coarse
 * gate; use cases ask again here, on the rows they have loaded.
 */
import { type Actor, ROLES, type Role, type Scope } from '../platform/database/actor.js';
import type { Em } from '../platform/database/database.js';
import { AppError } from '../platform/errors.js';
import type { ActorContext, ApiContext } from '../platform/graphql/api-context.js';

/** What a use case needs to know of its caller. */
export interface ActorCtx {
  em: Em;
  actor: Actor;
  clock: () => Date;
}

export const hasRole = (roles: readonly Role[], atLeast: Role): boolean => rankOf(roles) >= ROLES.indexOf(atLeast);

/** The highest role's place in ROLES; -1 for nobody. */
export const rankOf = (roles: readonly Role[]): number => Math.max(-1, ...roles.map((role) => ROLES.indexOf(role)));

/** Throws FORBIDDEN that names the role it takes. */
export function requireRole(actor: Actor, atLeast: Role): void {
  if (hasRole(actor.roles, atLeast)) return;
  throw new AppError('FORBIDDEN', `This takes the role ${atLeast}; you have ${actor.roles.join(', ') || 'none'}.`, {
    hint: 'Ask an administrator of your tenant for the role (`setMemberRoles`).',
    details: { required: atLeast, roles: actor.roles },
  });
}

/** The roles, or the highest of `ceiling` where they are above it. */
export function capRoles(roles: readonly Role[], ceiling: readonly Role[]): Role[] {
  if (rankOf(roles) <= rankOf(ceiling)) return [...roles];
  return ROLES.slice(rankOf(ceiling), rankOf(ceiling) + 1);
}

/** Throws FORBIDDEN when the caller is an API key without the scope. Sessions have them all. */
export function requireScope(actor: Actor, scope: Scope): void {
  if (!actor.scopes || actor.scopes.includes(scope)) return;
  throw new AppError('FORBIDDEN', `This takes the scope ${scope}; this API key has ${actor.scopes.join(', ')}.`, {
    hint: 'Make a key that has it (`createApiKey`), or sign in.',
    details: { requiredScope: scope, scopes: actor.scopes },
  });
}

/** Throws FORBIDDEN when the caller is an API key: for what only a person who has signed in may do. */
export function requirePerson(actor: Actor): void {
  if (!actor.scopes) return;
  throw new AppError('FORBIDDEN', 'An API key may not do this.', { hint: 'Sign in, and do it as yourself.' });
}

/** Throws UNAUTHENTICATED when the request carried no credential, or why the one it carried was refused. */
export function signedIn(ctx: ApiContext): ActorContext {
  actorOf(ctx);
  return ctx as ActorContext;
}

export function actorOf(ctx: Pick<ApiContext, 'actor' | 'refusal'>): Actor {
  if (!ctx.actor) throw ctx.refusal ?? unauthenticated();
  return ctx.actor;
}

export const unauthenticated = (message = 'This needs a signed-in user or an API key.', cause?: unknown) =>
  new AppError('UNAUTHENTICATED', message, {
    cause,
    hint: 'Send `Authorization: Bearer …` with an access token (`signIn`, `register`) or an API key (`createApiKey`).',
  });
