/**
 * graphql-shield over the root fields, made from the permission table; `fallbackRule: deny` refuses whatever the table
 * does not name. graphql-middleware wraps `resolve` only, so each `subscribe` is wrapped with the same rule here:
 * without that a stranger's subscription would start, and only its events would be refused.
 *
 * Types below the root are not wrapped: a value is reached only through a root field that was decided upon, and a rule on
 * every field would cost more than the rest of the execution.
 */
import { createRequire } from 'node:module';
import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { applyMiddleware } from 'graphql-middleware';
import { AppError } from '../../platform/errors.js';
import type { ApiContext } from '../../platform/graphql/api-context.js';
import {
  checkPermissions,
  type KeyScope,
  type KeyScopes,
  type Permission,
  type Permissions,
  requireKeyScope,
  requirePermission,
  rootFields,
} from './permissions.js';

// Its ESM build imports a function that Node 24 no longer has; the CommonJS one loads. `chain` and `race` call it: not used.
const { deny, rule, shield } = createRequire(import.meta.url)('graphql-shield') as typeof import('graphql-shield');

/** Returns a new schema. Throws when the table does not fit the schema. */
export function guard(schema: GraphQLSchema, permissions: Permissions, keyScopes: KeyScopes): GraphQLSchema {
  checkPermissions(schema, permissions, keyScopes);
  const rules = Object.fromEntries(
    Object.entries(permissions)
      .filter(([typeName]) => schema.getType(typeName))
      .map(([typeName, entries]) => [typeName, { '*': deny, ...rulesOf(typeName, entries, keyScopes) }]),
  );
  const generator = shield<unknown, ApiContext>(rules, {
    fallbackRule: deny,
    fallbackError: new AppError('FORBIDDEN', 'You may not do this.'),
    allowExternalErrors: true, // src/api/error-format.ts masks them, and it alone
  });
  const everyType = generator.generate(schema) as Record<string, never>;
  const roots = Object.fromEntries(Object.keys(rules).map((typeName) => [typeName, everyType[typeName] as never]));
  const guarded = applyMiddleware(schema, roots);
  guardSubscribe(guarded, permissions);
  return guarded;
}

const rulesOf = (typeName: string, entries: Readonly<Record<string, Permission>>, keyScopes: KeyScopes) =>
  Object.fromEntries(
    Object.entries(entries).map(([field, permission]) => [
      field,
      ruleFor(permission, (typeName === 'Mutation' && keyScopes[field]) || 'NONE'),
    ]),
  );

const makeRule = (permission: Permission, scope: KeyScope) =>
  rule(`takes ${permission} ${scope}`, { cache: 'no_cache' })((_parent, _args, ctx: ApiContext) => {
    try {
      requirePermission(ctx, permission);
      requireKeyScope(ctx, scope);
      return true;
    } catch (error) {
      return error as Error;
    }
  });

/** One rule object for each that differs: shield tells rules apart by identity. */
const knownRules = new Map<string, ReturnType<typeof makeRule>>();

function ruleFor(permission: Permission, scope: KeyScope) {
  const name = `${permission} ${scope}`;
  const known = knownRules.get(name) ?? makeRule(permission, scope);
  knownRules.set(name, known);
  return known;
}

function guardSubscribe(schema: GraphQLSchema, permissions: Permissions): void {
  for (const field of Object.values(rootFields(schema, 'Subscription'))) {
    const subscribe = field.subscribe as GraphQLFieldResolver<unknown, ApiContext> | undefined;
    const permission = permissions.Subscription[field.name];
    if (!subscribe || !permission)
      throw new Error(`Subscription.${field.name} has no subscribe function or no permission.`);
    field.subscribe = (root, args, ctx: ApiContext, info) => {
      requirePermission(ctx, permission);
      return subscribe(root, args, ctx, info);
    };
  }
}
