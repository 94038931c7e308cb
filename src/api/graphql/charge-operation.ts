/** Charges an operation what it costs with the values given, before it is executed. Every answer tells what that was. */
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { Admission } from '../rate-limits/admission.js';
import { costOf } from './cost-rule.js';
import type { OperationContext } from './operation-context.js';

export interface ChargeOptions {
  schema: GraphQLSchema;
  maxCost: number;
  admission: Admission;
}

/** Leaves the cost in the context. Throws RATE_LIMITED. */
export async function chargeOperation(
  { schema, maxCost, admission }: ChargeOptions,
  context: OperationContext,
  asked: { document: DocumentNode; operation: OperationDefinitionNode; variables: Readonly<Record<string, unknown>> },
): Promise<void> {
  const requested = costOf(schema, asked.document, asked.operation, asked.variables);
  const remaining = await admission.charge(context, requested);
  context.cost = { requested, limit: maxCost, ...(remaining !== undefined && { remaining }) };
}
