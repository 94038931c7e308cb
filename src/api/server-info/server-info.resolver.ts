import { Ctx, FieldResolver, Query, Resolver } from 'type-graphql';
import { SEARCH_SERVICES } from '../../kinds/research/connector-name.js';
import type { ApiContext } from '../../platform/graphql/api-context.js';
import { loadServiceHealth } from '../../platform/service-health/service-health.js';
import { RunKind } from '../../runs/run.type.js';
import { VERSION } from '../../version.js';
import { loadLastCall } from './load-last-call.js';
import {
  ConnectorHealthType,
  EmbeddingModelType,
  LanguageModelType,
  ModelCallType,
  ServerInfoType,
} from './server-info.type.js';

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

  @FieldResolver(() => EmbeddingModelType, {
    nullable: true,
    description: 'Null: none is configured, and passages are found by their words.',
  })
  embedding(@Ctx() { services }: ApiContext) {
    const { embedding } = services;
    return embedding && { ...embedding, priced: embedding.price !== null };
  }

  @FieldResolver(() => [ConnectorHealthType], {
    description: 'How the services do that papers and facts are asked of, allowed or not.',
  })
  async connectorHealth(@Ctx() { em, services }: ApiContext): Promise<ConnectorHealthType[]> {
    const known = new Map((await loadServiceHealth(em, SEARCH_SERVICES)).map((health) => [health.service, health]));
    return SEARCH_SERVICES.map((name) => {
      const { lastSuccessAt = null, lastFailureAt = null, lastFailureCode = null } = known.get(name) ?? {};
      const configured = services.researchConnectors.includes(name);
      return { name, configured, lastSuccessAt, lastFailureAt, lastFailureCode };
    });
  }
}

@Resolver(() => LanguageModelType)
export class LanguageModelResolver {
  @FieldResolver(() => ModelCallType, {
    nullable: true,
    description: 'Null until a worker has made one.',
  })
  lastCall(@Ctx() { em }: ApiContext) {
    return loadLastCall(em, 'MODEL');
  }
}

@Resolver(() => EmbeddingModelType)
export class EmbeddingModelResolver {
  @FieldResolver(() => ModelCallType, {
    nullable: true,
    description: 'Null until a worker has made one.',
  })
  lastCall(@Ctx() { em }: ApiContext) {
    return loadLastCall(em, 'EMBEDDING');
  }
}
