/**
 * How much one operation may ask for. Depth, aliases, directives and cost are validation rules, given to Apollo and to
 * graphql-ws alike (each validates on its own); tokens are the parser's. Over a limit: QUERY_TOO_COMPLEX with both numbers.
 */
import { ApolloArmor } from '@escape.tech/graphql-armor';
import { GraphQLError, type ValidationContext, type ValidationRule } from 'graphql';
import { AppError } from '../platform/errors.js';

export interface GraphQLLimits {
  maxDepth: number;
  maxAliases: number;
  maxTokens: number;
  maxCost: number;
}

const MAX_DIRECTIVES = 5; // more are only ever sent to wear the server out

export function limitRules(limits: GraphQLLimits): ValidationRule[] {
  // `propagateOnRejection: true` would throw out of validation, which Apollo answers with a 500
  const reporting = { onReject: [report], propagateOnRejection: false };
  const armor = new ApolloArmor({
    maxDepth: { n: limits.maxDepth, flattenFragments: true, ...reporting },
    // an empty allow list, or `__typename` under a thousand aliases is free
    maxAliases: { n: limits.maxAliases, allowList: [], ...reporting },
    maxDirectives: { n: MAX_DIRECTIVES, ...reporting },
    costLimit: { maxCost: limits.maxCost, flattenFragments: true, ...reporting },
    maxTokens: { enabled: false },
    blockFieldSuggestion: { enabled: false }, // the schema is public: suggestions help, and hide nothing
  });
  return [...armor.protect().validationRules];
}

function report(context: ValidationContext | null, error: GraphQLError): void {
  const message = error.message.replace('Syntax Error: ', '');
  const tooComplex = new AppError('QUERY_TOO_COMPLEX', message, {
    hint: 'Ask for less at once: fewer fields, smaller pages, or several operations.',
  });
  context?.reportError(new GraphQLError(message, { originalError: tooComplex }));
}
