/** Runs' timelines over plain HTTP (src/runs/events-route.ts), with this API's way to tell callers and to word errors. */
import type { FastifyInstance } from 'fastify';
import { unauthenticated } from '../identity/authorize.js';
import type { Services } from '../platform/graphql/api-context.js';
import { registerEventsRoute } from '../runs/events-route.js';
import { factsOf, formatError, toAppError } from './error-format.js';
import { identifyCaller } from './identify-caller.js';
import { originOf } from './request-origin.js';

/** `keepaliveMs`: for tests of what otherwise takes long. */
export function registerEventStreams(app: FastifyInstance, services: Services, keepaliveMs?: number): void {
  const { database, log } = services;
  registerEventsRoute(app, {
    database,
    feed: services.runs.feed,
    identify: async (request) => {
      const { actor, refusal } = await identifyCaller(database, request.headers.authorization, originOf(request));
      if (!actor) throw refusal ?? unauthenticated();
      return actor;
    },
    sendError: (reply, error) =>
      reply.code(factsOf(toAppError(error).code).httpStatus).send({ errors: [formatError(log, error)] }),
    formatError: (error) => formatError(log, error),
    ...(keepaliveMs && { keepaliveMs }),
  });
}
