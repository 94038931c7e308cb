/** POST and GET /graphql, and the schema as text at /schema.graphql. */
import { type ApolloServer, HeaderMap } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { refreshCookieOf } from '../../identity/sessions/refresh-cookie.js';
import type { Actor } from '../../platform/database/actor.js';
import { badInput } from '../../platform/errors.js';
import type { Services } from '../../platform/graphql/api-context.js';
import type { EdgeSettings } from '../edge-settings.js';
import { formatError } from '../error-format.js';
import type { Guards } from '../guards.js';
import { identifyCaller, presentedBy } from '../identify-caller.js';
import { originOf } from '../request-origin.js';
import { isAllowedOrigin } from '../websocket/allowed-origin.js';
import { failedContext } from './apollo.js';
import { printApiSchema } from './build-schema.js';
import { observeCaller, observeOperation } from './observe-operations.js';
import { OperationContext } from './operation-context.js';
import { type PersistedDocuments, withDocument } from './persisted-documents.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sent it, once that is known. */
    actor: Actor | null;
  }
}

export function registerGraphQL(
  app: FastifyInstance,
  options: {
    apollo: ApolloServer<OperationContext>;
    schema: GraphQLSchema;
    services: Services;
    allowedOrigins: readonly string[];
    edge: EdgeSettings;
    guards: Guards;
  },
): void {
  const { apollo, services, allowedOrigins, edge, guards } = options;

  async function contextOf(request: FastifyRequest, reply: FastifyReply): Promise<OperationContext> {
    try {
      const refreshCookie = refreshCookieOf(services.auth.refreshCookie, {
        headers: request.headers,
        fromOwnOrigin: isAllowedOrigin(request.headers, allowedOrigins),
        setCookie: (value) => void reply.header('set-cookie', value),
        clock: () => new Date(),
      });
      const caller = await identifyCaller(services, presentedBy(request.raw), originOf(request));
      request.actor = caller.actor;
      observeCaller(caller);
      await guards.admission.caller({ actor: caller.actor, ip: request.ip });
      return new OperationContext(services, caller, refreshCookie);
    } catch (error) {
      throw failedContext(error);
    }
  }

  app.decorateRequest('actor', null);
  app.route({
    url: '/graphql',
    method: edge.graphqlGet ? ['GET', 'POST'] : 'POST',
    handler: async (request, reply) => {
      const { search, body } = withPersisted(edge.documents, request);
      const httpGraphQLRequest = { method: request.method, headers: headersOf(request), search, body };
      const response = await observeOperation('http', () =>
        apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest, context: () => contextOf(request, reply) }),
      );
      reply.headers(guards.admission.headers({ actor: request.actor, ip: request.ip }));
      reply.header('cache-control', 'no-store'); // answers are of one person
      for (const [name, value] of response.headers) reply.header(name, value);
      if (response.body.kind !== 'complete') throw new Error('Incremental delivery is not switched on.');
      return reply.code(response.status ?? 200).send(response.body.string);
    },
  });

  if (!edge.graphqlGet) {
    app.get('/graphql', (_request, reply) => {
      reply.header('allow', 'POST');
      return reply
        .code(405)
        .send({ errors: [formatError(services.log, badInput('Operations are sent by POST here.'))] });
    });
  }
  if (!edge.introspection) return;
  const sdl = printApiSchema(options.schema);
  app.get('/schema.graphql', (_request, reply) => reply.type('text/plain; charset=utf-8').send(sdl));
}

function headersOf(request: FastifyRequest): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

/** The request as if its document had been sent whole, by POST and by GET. */
function withPersisted(documents: PersistedDocuments, request: FastifyRequest): { search: string; body: unknown } {
  const search = request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : '';
  const body = request.body ?? {};
  if (documents.mode === 'off') return { search, body };
  if (request.method !== 'GET') {
    const isRequest = typeof body === 'object' && !Array.isArray(body);
    return { search, body: isRequest ? withDocument(documents, body) : body };
  }
  const parameters = new URLSearchParams(search);
  const { query, extensions } = withDocument(documents, {
    query: parameters.get('query') ?? undefined,
    documentId: parameters.get('documentId') ?? undefined,
    extensions: jsonOf(parameters.get('extensions')),
  });
  parameters.delete('documentId');
  if (query !== undefined) parameters.set('query', query);
  if (extensions !== undefined) parameters.set('extensions', JSON.stringify(extensions));
  return { search: `?${parameters}`, body };
}

/** Undefined for what is no JSON: Apollo says so. */
function jsonOf(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
