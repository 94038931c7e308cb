/** Failures beside GraphQL results (too large, not JSON, no such route), in the shape GraphQL clients can read too. */
import type { FastifyError, FastifyInstance } from 'fastify';
import { AppError } from '../platform/errors.js';
import type { Log } from '../platform/log.js';
import type { EdgeSettings } from './edge-settings.js';
import { factsOf, formatError, toAppError } from './error-format.js';

export function registerHttpErrors(app: FastifyInstance, log: Log, bodyLimit: number, edge: EdgeSettings): void {
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const appError = fromFastify(error, bodyLimit);
    const clientFault = error.statusCode !== undefined && error.statusCode < 500 ? error.statusCode : undefined;
    return reply.code(clientFault ?? factsOf(appError.code).httpStatus).send({ errors: [formatError(log, appError)] });
  });
  app.setNotFoundHandler((_request, reply) => {
    const error = new AppError('NOT_FOUND', 'There is nothing at this address.', {
      hint: `The API is at /graphql${edge.introspection ? ', its schema at /schema.graphql' : ''}${edge.playground ? ', the playground at /' : ''}.`,
    });
    return reply.code(404).send({ errors: [formatError(log, error)] });
  });
}

function fromFastify(error: FastifyError, bodyLimit: number): AppError {
  switch (error.statusCode) {
    case undefined:
      return toAppError(error);
    case 413:
      return new AppError('BAD_INPUT', `The request is larger than ${bodyLimit} bytes.`, {
        hint: 'Send documents with `prepareUpload`: their bytes do not go through GraphQL.',
        details: { maxBytes: bodyLimit },
      });
    case 415:
      return new AppError('UNSUPPORTED_MEDIA_TYPE', 'The request has a content type that is not read here.', {
        hint: 'Send `Content-Type: application/json`.',
      });
    default:
      if (error.statusCode >= 500) return toAppError(error);
      return new AppError('BAD_INPUT', `The request could not be read: ${error.message}`, { cause: error });
  }
}
