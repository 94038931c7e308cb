import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Paper } from '../papers/paper.entity.js';
import { PaperType } from '../papers/paper.type.js';
import type { ApiContext } from '../platform/graphql/api-context.js';
import { PageArgs } from '../platform/graphql/page-args.js';
import { paginateEach } from '../platform/graphql/paginate.js';
import { ClaimEntity } from './claim.entity.js';
import { ClaimConnection } from './claim.type.js';

@Resolver(() => PaperType)
export class PaperClaimsResolver {
  @FieldResolver(() => ClaimConnection, {
    description:
      'Sentences in which the paper asserts something, in reading order, each with a receipt into the paper itself. It proves that the paper says so; nothing else has been held against them (`checked` is false).',
  })
  claims(@Root() paper: Paper, @Ctx() ctx: ApiContext, @Args(() => PageArgs) page: PageArgs) {
    return paginateEach(ctx, { entity: ClaimEntity, parent: 'paperId', order: 'oldestFirst' }, paper.id, page);
  }
}
