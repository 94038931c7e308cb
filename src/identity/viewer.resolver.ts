import { Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import type { Actor } from '../platform/database/actor.js';
import type { ApiContext } from '../platform/graphql/api-context.js';
import { loadBy, loadById } from '../platform/graphql/loader-registry.js';
import { listMyTenants, loadMyAccount } from './accounts/my-account.js';
import { ApiKeyEntity } from './api-keys/api-key.entity.js';
import { ApiKeyType } from './api-keys/api-key.type.js';
import { actorOf } from './authorize.js';
import { TenantEntity } from './tenant.entity.js';
import { TenantType } from './tenant.type.js';
import { UserEntity } from './user.entity.js';
import { UserType } from './user.type.js';
import { ViewerTenantType, ViewerType } from './viewer.type.js';

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

  @FieldResolver(() => [ViewerTenantType], {
    description: 'All that you are a member of, the oldest membership first.',
  })
  tenants(@Ctx() ctx: ApiContext) {
    return listMyTenants(ctx);
  }

  @FieldResolver(() => Boolean)
  async mfaEnabled(@Ctx() ctx: ApiContext) {
    return (await loadMyAccount(ctx)).mfa_enabled;
  }

  @FieldResolver(() => Int)
  async recoveryCodesLeft(@Ctx() ctx: ApiContext) {
    return (await loadMyAccount(ctx)).recovery_codes_left;
  }

  @FieldResolver(() => Boolean)
  async hasPassword(@Ctx() ctx: ApiContext) {
    return (await loadMyAccount(ctx)).has_password;
  }

  @FieldResolver(() => Boolean)
  async googleLinked(@Ctx() ctx: ApiContext) {
    return (await loadMyAccount(ctx)).google_linked;
  }
}
