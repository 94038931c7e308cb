/**
 * What every HTTP request and answer passes: the limit of its address, and headers by which a browser keeps strangers'
 * pages away from ours. A route that sets such a header itself keeps its own.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Log } from '../platform/log.js';
import type { EdgeSettings } from './edge-settings.js';
import { factsOf, formatError, toAppError } from './error-format.js';
import type { Guards } from './guards.js';

const ONE_YEAR_S = 365 * 24 * 60 * 60;

/** For answers that are data: nothing is loaded by them, and no page may frame them. */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin', // CORS decides what other origins may read
};

/** Probes and scrapes: they come from the operator's own machines, and must come through when nobody else does. */
const UNLIMITED = new Set(['/healthz', '/health', '/readyz', '/metrics']);

export function registerHttpEdge(app: FastifyInstance, edge: EdgeSettings, { admission }: Guards, log: Log): void {
  const headers = {
    ...HEADERS,
    ...(edge.https && { 'strict-transport-security': `max-age=${ONE_YEAR_S}` }),
  };
  app.addHook('onRequest', async (request, reply) => {
    for (const [name, value] of Object.entries(headers)) reply.header(name, value);
    if (UNLIMITED.has(request.routeOptions.url ?? '')) return;
    try {
      await admission.address(request.ip);
    } catch (error) {
      reply.header('connection', 'close'); // a body is not read
      return sendRefusal(log, error, reply);
    } finally {
      reply.headers(admission.headers({ actor: null, ip: request.ip }));
    }
  });
}

/** In the form of all errors, with `Retry-After` where there is one. */
export function sendRefusal(log: Log, error: unknown, reply: FastifyReply) {
  const appError = toAppError(error);
  const seconds = retryAfterSeconds(appError.details);
  if (seconds !== undefined) reply.header('retry-after', seconds);
  return reply.code(factsOf(appError.code).httpStatus).send({ errors: [formatError(log, error)] });
}

/** Whole seconds, as the header has it, rounded up. */
export function retryAfterSeconds(details: Record<string, unknown>): number | undefined {
  return typeof details.retryAfterMs === 'number' ? Math.ceil(details.retryAfterMs / 1000) : undefined;
}
