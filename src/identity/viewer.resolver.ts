import { Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Actor } from '../platform/database/actor.js';
import type { ApiContext } from '../platform/graphql/api-context.js';
import { loadBy, loadById } from '../platform/graphql/loader-registry.js';
import { ApiKeyEntity } from './api-keys/api-key.entity.js';
import { ApiKeyType } from './api-keys/api-key.type.js';
import { actorOf } from './authorize.js';
import { TenantEntity } from './tenant.entity.js';
import { TenantType } from './tenant.type.js';
import { UserEntity } from './user.entity.js';
import { UserType } from './user.type.js';
import { ViewerType } from './viewer.type.js';

@Resolver(() => ViewerType)
export class ViewerResolver {
  @Query(() => ViewerType)
  viewer(@Ctx() ctx: ApiContext) {
    return actorOf(ctx);
  }

  @FieldResolver(() => UserType)
  user(@Root() viewer: Actor, @Ctx() ctx: ApiContext) {
    return loadById(ctx, UserEntity, viewer.userId);
  }

  @FieldResolver(() => TenantType)
  tenant(@Root() viewer: Actor, @Ctx() ctx: ApiContext) {
    return loadById(ctx, TenantEntity, viewer.tenantId);
  }

  @FieldResolver(() => [ApiKeyType], { description: 'Your own keys, revoked ones too, oldest first.' })
  apiKeys(@Root() viewer: Actor, @Ctx() ctx: ApiContext) {
    return loadBy(ctx, ApiKeyEntity, 'createdBy', viewer.userId);
  }
}
