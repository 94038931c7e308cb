/** Pictures of pages over plain HTTP (src/papers/page-image), with this API's way to word errors. */
import type { FastifyInstance } from 'fastify';
import { registerPageImages as registerRoute } from '../../papers/page-image/page-image-route.js';
import type { Services } from '../../platform/graphql/api-context.js';
import { factsOf, formatError, toAppError } from '../error-format.js';

export function registerPageImages(app: FastifyInstance, { blobs, pageImages, log }: Services): void {
  registerRoute(app, {
    blobs,
    urls: pageImages,
    sendError: (reply, error) =>
      reply.code(factsOf(toAppError(error).code).httpStatus).send({ errors: [formatError(log, error)] }),
  });
}
