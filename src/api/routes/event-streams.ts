/** Runs' timelines over plain HTTP (src/runs/following/events-route.ts), with this API's way to tell callers and to word errors. */
import type { FastifyInstance } from 'fastify';
import { unauthenticated } from '../../identity/authorize.js';
import type { Services } from '../../platform/graphql/api-context.js';
import { registerEventsRoute } from '../../runs/following/events-route.js';
import { formatError } from '../error-format.js';
import type { Guards } from '../guards.js';
import { sendRefusal } from '../http-edge.js';
import { identifyCaller, presentedBy } from '../identify-caller.js';
import { originOf } from '../request-origin.js';

export interface EventStreamOptions {
  /** Without them nothing is limited. */
  guards?: Guards;
  /** For tests of what otherwise takes long. */
  keepaliveMs?: number;
}

export function registerEventStreams(
  app: FastifyInstance,
  services: Services,
  { guards, keepaliveMs }: EventStreamOptions = {},
): void {
  const { database, log } = services;
  registerEventsRoute(app, {
    database,
    feed: services.runs.feed,
    identify: async (request, reply) => {
      const caller = await identifyCaller(services, presentedBy(request.raw), originOf(request));
      if (!caller.actor) throw caller.refusal ?? unauthenticated();
      if (guards) {
        const who = { actor: caller.actor, ip: request.ip };
        await guards.admission.caller(who);
        reply.headers(guards.admission.headers(who));
      }
      return { actor: caller.actor, validUntil: caller.validUntil ?? null };
    },
    ...(guards && { openStream: ({ ip }, { userId }) => guards.openStream({ ip, userId }) }),
    sendError: (reply, error) => sendRefusal(log, error, reply),
    formatError: (error) => formatError(log, error),
    ...(keepaliveMs && { keepaliveMs }),
  });
}
