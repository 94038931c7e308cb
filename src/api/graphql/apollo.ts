/** GraphQL over HTTP: Apollo Server with the limits, the error format and the life of an operation's context. */
import { ApolloServer, type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { Log } from '../../platform/log.js';
import type { EdgeSettings } from '../edge-settings.js';
import { factsOf, formatGraphQLError, toAppError } from '../error-format.js';
import { retryAfterSeconds } from '../http-edge.js';
import type { Admission } from '../rate-limits/admission.js';
import type { Metrics } from '../routes/metrics.js';
import { chargeOperation } from './charge-operation.js';
import { type GraphQLLimits, limitRules } from './limits.js';
import { nameSpans } from './observe-operations.js';
import type { OperationContext } from './operation-context.js';

export interface ApolloOptions {
  schema: GraphQLSchema;
  limits: GraphQLLimits;
  edge: EdgeSettings;
  admission: Admission;
  log: Log;
  metrics: Metrics;
}

/** Not started. */
export function createApollo(options: ApolloOptions): ApolloServer<OperationContext> {
  const { schema, limits, edge, log, metrics } = options;
  return new ApolloServer<OperationContext>({
    schema,
    introspection: edge.introspection,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false, // persisted-documents.ts has put the text in their place
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false, // src/main.ts drains in its own order
    parseOptions: { maxTokens: limits.maxTokens },
    validationRules: limitRules(limits),
    formatError: (_formatted, error) => formatGraphQLError(log, error, !edge.introspection),
    logger: log,
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      finishOperations(log),
      timeOperations(metrics),
      chargeOperations(options),
      nameSpans,
    ],
  });
}

/** Gives the connection of a query back before its answer is sent, and writes what goes before it. */
const finishOperations = (log: Log): ApolloServerPlugin<OperationContext> => ({
  async requestDidStart() {
    return {
      async willSendResponse({ contextValue, response: { body } }) {
        await contextValue.finish().catch((error: unknown) => {
          if (body.kind === 'single') body.singleResult = { data: null, errors: [formatGraphQLError(log, error)] };
        });
      },
    };
  },
});

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

const chargeOperations = ({ schema, limits, admission }: ApolloOptions): ApolloServerPlugin<OperationContext> => ({
  async requestDidStart() {
    return {
      async didResolveOperation({ document, operation, request: { variables = {} }, contextValue }) {
        if (!operation) return;
        const options = { schema, maxCost: limits.maxCost, admission };
        await chargeOperation(options, contextValue, { document, operation, variables }).catch((error: unknown) => {
          throw failedContext(error);
        });
      },
      async willSendResponse({ response: { body }, contextValue: { cost } }) {
        if (cost && body.kind === 'single') body.singleResult.extensions = { ...body.singleResult.extensions, cost };
      },
    };
  },
});

/** A failure before there is an operation: answered with the HTTP status of its code. */
export function failedContext(error: unknown): GraphQLError {
  const appError = toAppError(error);
  const headers = new HeaderMap();
  const seconds = retryAfterSeconds(appError.details);
  if (seconds !== undefined) headers.set('retry-after', String(seconds));
  return new GraphQLError(appError.message, {
    originalError: appError,
    extensions: { http: { status: factsOf(appError.code).httpStatus, headers } },
  });
}
