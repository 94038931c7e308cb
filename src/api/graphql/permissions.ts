/**
 * Who may call each root field, and what an API key must be made for to call each mutation: the coarse gate, before any row
 * is read. Every root field of the schema must stand in the tables of src/schema.ts and every entry must name one, or the
 * schema is not built: nothing is reachable by oversight.
 */
import type { GraphQLSchema } from 'graphql';
import { actorOf, requirePerson, requireRole, requireScope } from '../../identity/authorize.js';
import type { Role, Scope } from '../../platform/database/actor.js';
import type { ApiContext } from '../../platform/graphql/api-context.js';

/** ANYONE needs no credential; a role means at least that role. */
export type Permission = 'ANYONE' | Role;

export interface Permissions {
  Query: Readonly<Record<string, Permission>>;
  Mutation: Readonly<Record<string, Permission>>;
  Subscription: Readonly<Record<string, Permission>>;
}

/** NONE: any key may, if its roles do; PERSON: no key may. */
export type KeyScope = Scope | 'NONE' | 'PERSON';

/** Of the mutations; reading takes READ, which every key has. */
export type KeyScopes = Readonly<Record<string, KeyScope>>;

/** Throws FORBIDDEN for an API key that is not for this. */
export function requireKeyScope(ctx: ApiContext, scope: KeyScope): void {
  if (!ctx.actor || scope === 'NONE') return;
  if (scope === 'PERSON') requirePerson(ctx.actor);
  else requireScope(ctx.actor, scope);
}

/** Throws UNAUTHENTICATED or FORBIDDEN. */
export function requirePermission(ctx: ApiContext, permission: Permission): void {
  if (permission !== 'ANYONE') requireRole(actorOf(ctx), permission);
}

/** Throws when a root field has no entry, or an entry no root field. */
export function checkPermissions(schema: GraphQLSchema, permissions: Permissions, keyScopes: KeyScopes): void {
  const problems: string[] = [];
  for (const [typeName, entries] of Object.entries(permissions)) {
    const fields = Object.keys(schema.getType(typeName) ? rootFields(schema, typeName) : {});
    for (const field of fields) if (!(field in entries)) problems.push(`${typeName}.${field} has no permission`);
    for (const entry of Object.keys(entries)) {
      if (!fields.includes(entry)) problems.push(`the permission of ${typeName}.${entry} names no field`);
    }
  }
  const mutations = Object.keys(rootFields(schema, 'Mutation'));
  for (const field of mutations) if (!(field in keyScopes)) problems.push(`Mutation.${field} has no key scope`);
  for (const entry of Object.keys(keyScopes)) {
    if (!mutations.includes(entry)) problems.push(`the key scope of Mutation.${entry} names no field`);
  }
  if (problems.length > 0)
    throw new Error(`The permissions of src/schema.ts do not fit the schema: ${problems.join('; ')}.`);
}

export function rootFields(schema: GraphQLSchema, typeName: string) {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return roots.find((root) => root?.name === typeName)?.getFields() ?? {};
}
