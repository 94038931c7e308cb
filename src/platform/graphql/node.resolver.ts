import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { Actor } from '../database/actor.js';
import { notFound } from '../errors.js';
import type { ActorContext, ApiContext } from './api-context.js';
import { loadNode, type NodeKind, NodeType } from './node-type.js';

/** The resolver class of `Query.node` for these kinds; `actorOf` says who asks, or throws. */
export function nodeResolver(kinds: readonly NodeKind[], actorOf: (ctx: ApiContext) => Actor) {
  @Resolver()
  class NodeResolver {
    @Query(() => NodeType, {
      nullable: true,
      description: 'Anything that has an id. NOT_FOUND when there is no such thing that you may see.',
    })
    async node(@Ctx() ctx: ApiContext, @Arg('id', () => ID) id: string): Promise<object> {
      actorOf(ctx);
      const row = await loadNode(kinds, ctx as ActorContext, id);
      if (!row) throw notFound('Node');
      return row;
    }
  }
  return NodeResolver;
}
