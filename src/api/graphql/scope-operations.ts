/**
 * Wraps the root fields with what every operation of their kind needs: a query reads in one transaction; after a mutation
 * field nothing read before it is believed; each event of a subscription is read afresh.
 */
import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import type { OperationContext } from './operation-context.js';
import { rootFields } from './permissions.js';

type Resolve = GraphQLFieldResolver<unknown, OperationContext>;

/** Alters `schema` in place; before `guard`, so that a refused field never takes a connection. */
export function scopeOperations(schema: GraphQLSchema): void {
  wrap(schema, 'Query', (resolve) => async (root, args, ctx, info) => {
    await ctx.read();
    return resolve(root, args, ctx, info);
  });
  wrap(schema, 'Mutation', (resolve) => async (root, args, ctx, info) => {
    ctx.loaders.clear();
    return resolve(root, args, ctx, info);
  });
  wrap(schema, 'Subscription', (resolve) => (root, args, ctx, info) => {
    ctx.renew();
    return resolve(root, args, ctx, info);
  });
}

function wrap(schema: GraphQLSchema, typeName: string, wrapper: (resolve: Resolve) => Resolve): void {
  for (const field of Object.values(rootFields(schema, typeName))) {
    field.resolve = wrapper((field.resolve ?? defaultFieldResolver) as Resolve);
  }
}
