import { Ctx, FieldResolver, Query, Resolver } from 'type-graphql';
import type { ApiContext } from '../../platform/graphql/api-context.js';
import { RunKind } from '../../runs/run.type.js';
import { VERSION } from '../../version.js';
import { loadModelHealth } from './load-model-health.js';
import { LanguageModelType, ModelCallType, ServerInfoType } from './server-info.type.js';

@Resolver(() => ServerInfoType)
export class ServerInfoResolver {
  @Query(() => ServerInfoType, { description: 'What this installation is and can do. Tells no address and no secret.' })
  serverInfo(@Ctx() { services }: ApiContext): ServerInfoType {
    return {
      name: 'Paperwright',
      version: VERSION,
      runKinds: Object.values(RunKind),
      paperEngines: [...services.ingestion.engines],
      connectors: ['LIBRARY', ...services.researchConnectors],
    };
  }

  @FieldResolver(() => LanguageModelType, {
    nullable: true,
    description: 'Null: none is configured, and nothing needs one.',
  })
  model(@Ctx() { services }: ApiContext) {
    return services.model && { ...services.model.models, priced: services.model.prices !== null };
  }
}

@Resolver(() => LanguageModelType)
export class LanguageModelResolver {
  @FieldResolver(() => ModelCallType, {
    nullable: true,
    description: 'Null until a worker that runs now has made one.',
  })
  lastCall(@Ctx() { em }: ApiContext) {
    return loadModelHealth(em);
  }
}
