/**
 * Where a request came from. Its id is the one that the client or a proxy before us gave in `x-request-id`, when that is a
 * plain word, so that their logs and our audit log can be laid side by side; else it is made here. Every answer carries it.
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { RequestOrigin } from '../platform/database/origin.js';
import { newId } from '../platform/ids.js';

export const REQUEST_ID_HEADER = 'x-request-id';
const PLAIN_WORD = /^[\w.:+/=-]{1,128}$/; // what is longer, or could break a log's line, is not taken over

export function requestIdOf(headers: IncomingHttpHeaders): string {
  const given = headers[REQUEST_ID_HEADER];
  return typeof given === 'string' && PLAIN_WORD.test(given) ? given : newId();
}

export const originOf = (request: FastifyRequest): RequestOrigin => ({
  ip: request.ip,
  userAgent: request.headers['user-agent'] ?? null,
  requestId: request.id,
});

/** Of a WebSocket: all that goes over it has the id of its upgrade. */
export const originOfUpgrade = (request: IncomingMessage, ip: string): RequestOrigin => ({
  ip,
  userAgent: request.headers['user-agent'] ?? null,
  requestId: requestIdOf(request.headers),
});
