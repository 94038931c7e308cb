/**
 * What can be seen of a request from outside: its id in each log line it causes, and one span from its arrival to its
 * answer, named by the root fields it asks for. Names come from the schema, never from the client.
 */
import type { ApolloServerPlugin } from '@apollo/server';
import type { FastifyInstance } from 'fastify';
import { Kind, type OperationDefinitionNode } from 'graphql';
import { encodeId } from '../../platform/ids.js';
import { addFacts, withFacts } from '../../platform/telemetry/facts.js';
import { describeSpan, inSpan } from '../../platform/telemetry/tracing.js';
import type { Caller, OperationContext } from './operation-context.js';

const MOST_NAMED = 5; // root fields; a document of twenty has no better name than one of five

/** After the body was read: what comes before it may run outside of the request's own asynchronous context. */
export function observeRequests(app: FastifyInstance): void {
  app.addHook('preHandler', (request, _reply, done) => withFacts({ requestId: request.id }, done));
}

/** One operation, by HTTP or over a socket, from before its caller is known. */
export const observeOperation = <T>(transport: 'http' | 'websocket', work: () => Promise<T>): Promise<T> =>
  inSpan('graphql', { kind: 'server', attributes: { 'graphql.transport': transport } }, work);

/** Of an operation whose caller is known now. */
export function observeCaller({ actor, origin }: Caller): void {
  const facts: Record<string, string> = {};
  if (actor) facts.tenantId = encodeId('ten', actor.tenantId);
  if (origin.requestId) facts.requestId = origin.requestId;
  addFacts(facts);
  describeSpan('graphql', facts);
}

/** Of a valid operation: its fields exist in the schema. */
export function describeOperation(operation: OperationDefinitionNode): void {
  const names = operation.selectionSet.selections.flatMap((each) => (each.kind === Kind.FIELD ? each.name.value : []));
  const more = names.length > MOST_NAMED ? ' …' : '';
  describeSpan(`${operation.operation} ${names.slice(0, MOST_NAMED).join(' ')}${more}`.trimEnd());
}

export const nameSpans: ApolloServerPlugin<OperationContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation }) {
        if (operation) describeOperation(operation);
      },
    };
  },
};
