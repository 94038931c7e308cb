/** From the parts listed in src/schema.ts to the schema that is served, and that schema/schema.graphql records. */
import 'reflect-metadata';
import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchemaSync, type NonEmptyArray } from 'type-graphql';
import { actorOf } from '../../identity/authorize.js';
import { nodeResolver } from '../../platform/graphql/node.resolver.js';
import { encodeNodeIds, type NodeKind } from '../../platform/graphql/node-type.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import type { KeyScopes, Permissions } from './permissions.js';
import { scopeOperations } from './scope-operations.js';
import { guard } from './shield.js';

type Class = abstract new (...args: never[]) => unknown;

export interface SchemaParts {
  resolvers: readonly Class[];
  /** Types that only an interface's `resolveType` names. */
  orphanedTypes: readonly Class[];
  nodeKinds: readonly NodeKind[];
  permissions: Permissions;
  keyScopes: KeyScopes;
}

export function buildApiSchema(parts: SchemaParts): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [nodeResolver(parts.nodeKinds, actorOf), ...parts.resolvers] as unknown as NonEmptyArray<() => unknown>,
    orphanedTypes: [...parts.orphanedTypes] as unknown as (() => unknown)[],
    scalarsMap: [{ type: Date, scalar: DateTimeScalar }],
    validate: false, // use cases check their input; class-validator would check it a second time, with other messages
    pubSub: noPubSub,
  });
  scopeOperations(schema);
  const guarded = guard(schema, parts.permissions, parts.keyScopes);
  encodeNodeIds(guarded, parts.nodeKinds);
  return guarded;
}

/** The text of schema/schema.graphql: sorted, so that a change of import order is no change of the contract. */
export const printApiSchema = (schema: GraphQLSchema): string => `${printSchema(lexicographicSortSchema(schema))}\n`;

/** type-graphql demands one even when every subscription brings its own `subscribe`, as all of ours do. */
const noPubSub = {
  publish: () => undefined,
  subscribe: (): never => {
    throw new Error('Every subscription of this schema must bring its own `subscribe`.');
  },
};
