/** POST and GET /graphql, and the schema as text at /schema.graphql. */
import { type ApolloServer, HeaderMap } from '@apollo/server';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Services } from '../platform/graphql/api-context.js';
import { failedContext } from './apollo.js';
import { printApiSchema } from './build-schema.js';
import { identifyCaller } from './identify-caller.js';
import { OperationContext } from './operation-context.js';
import { originOf } from './request-origin.js';

export function registerGraphQL(
  app: FastifyInstance,
  options: { apollo: ApolloServer<OperationContext>; schema: GraphQLSchema; services: Services },
): void {
  const { apollo, services } = options;
  app.route({
    url: '/graphql',
    method: ['GET', 'POST'],
    handler: async (request, reply) => {
      const response = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: {
          method: request.method,
          headers: headersOf(request),
          search: searchOf(request),
          body: request.body ?? {},
        },
        context: () => contextOf(request, services),
      });
      for (const [name, value] of response.headers) reply.header(name, value);
      if (response.body.kind !== 'complete') throw new Error('Incremental delivery is not switched on.');
      return reply.code(response.status ?? 200).send(response.body.string);
    },
  });

  const sdl = printApiSchema(options.schema);
  app.get('/schema.graphql', (_request, reply) => reply.type('text/plain; charset=utf-8').send(sdl));
}

async function contextOf(request: FastifyRequest, services: Services): Promise<OperationContext> {
  try {
    const caller = await identifyCaller(services.database, request.headers.authorization, originOf(request));
    return new OperationContext(services, caller);
  } catch (error) {
    throw failedContext(error);
  }
}

function headersOf(request: FastifyRequest): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

const searchOf = ({ url }: FastifyRequest): string => (url.includes('?') ? url.slice(url.indexOf('?')) : '');
