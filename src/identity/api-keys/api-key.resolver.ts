import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import type { ApiContext } from '../../platform/graphql/api-context.js';
import { signedIn } from '../authorize.js';
import { ApiKeyType, CreateApiKeyInput, CreatedApiKeyType } from './api-key.type.js';
import { createApiKey } from './create-api-key.js';
import { revokeApiKey } from './revoke-api-key.js';

@Resolver(() => ApiKeyType)
export class ApiKeyResolver {
  @Mutation(() => CreatedApiKeyType, { description: 'Makes a key that acts as you. The key itself is shown once.' })
  createApiKey(@Ctx() ctx: ApiContext, @Arg('input', () => CreateApiKeyInput) input: CreateApiKeyInput) {
    return createApiKey(signedIn(ctx), input);
  }

  @Mutation(() => ApiKeyType, { description: 'Revokes a key of yours, or any of the tenant as ADMIN.' })
  revokeApiKey(@Ctx() ctx: ApiContext, @Arg('id', () => ID) id: string) {
    return revokeApiKey(signedIn(ctx), id);
  }
}
