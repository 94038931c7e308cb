/** GraphQL over HTTP: Apollo Server with the limits, the error format and the life of an operation's context. */
import { ApolloServer, type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { Log } from '../platform/log.js';
import { factsOf, formatGraphQLError, toAppError } from './error-format.js';
import { type GraphQLLimits, limitRules } from './limits.js';
import type { Metrics } from './metrics.js';
import type { OperationContext } from './operation-context.js';

export interface ApolloOptions {
  schema: GraphQLSchema;
  limits: GraphQLLimits;
  log: Log;
  metrics: Metrics;
}

/** Not started. */
export function createApollo({ schema, limits, log, metrics }: ApolloOptions): ApolloServer<OperationContext> {
  return new ApolloServer<OperationContext>({
    schema,
    introspection: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false, // src/main.ts drains in its own order
    parseOptions: { maxTokens: limits.maxTokens },
    validationRules: limitRules(limits),
    formatError: (_formatted, error) => formatGraphQLError(log, error),
    logger: log,
    plugins: [endReading, timeOperations(metrics)],
  });
}

/** Gives the connection of a query back before its answer is sent. */
const endReading: ApolloServerPlugin<OperationContext> = {
  async requestDidStart() {
    return {
      willSendResponse: ({ contextValue }) => contextValue.endReading(),
    };
  },
};

const timeOperations = (metrics: Metrics): ApolloServerPlugin<OperationContext> => ({
  async requestDidStart() {
    const stop = metrics.operations.startTimer();
    return {
      async willSendResponse({ operation, errors }) {
        const outcome = errors?.[0] ? toAppError(errors[0]).code : 'ok';
        stop({ type: operation?.operation ?? 'none', outcome });
      },
    };
  },
});

/** A failure before there is an operation: answered with the HTTP status of its code. */
export function failedContext(error: unknown): GraphQLError {
  const appError = toAppError(error);
  return new GraphQLError(appError.message, {
    originalError: appError,
    extensions: { http: { status: factsOf(appError.code).httpStatus, headers: new HeaderMap() } },
  });
}
