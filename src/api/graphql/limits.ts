/**
 * How much one operation may ask for. Depth, aliases, directives, repetitions and cost are validation rules, given to Apollo and to
 * graphql-ws alike (each validates on its own); tokens are the parser's. Over a limit: QUERY_TOO_COMPLEX with both numbers.
 */
import { ApolloArmor } from '@escape.tech/graphql-armor';
import { type ASTVisitor, GraphQLError, Kind, type ValidationContext, type ValidationRule } from 'graphql';
import { AppError } from '../../platform/errors.js';
import { costRule } from './cost-rule.js';

export interface GraphQLLimits {
  maxDepth: number;
  maxAliases: number;
  maxTokens: number;
  maxCost: number;
}

const MAX_DIRECTIVES = 5; // more are only ever sent to wear the server out
const MAX_REPETITIONS = 10; // of a field or fragment in one selection: generated documents have a few

export function limitRules(limits: GraphQLLimits): ValidationRule[] {
  // `propagateOnRejection: true` would throw out of validation, which Apollo answers with a 500
  const reporting = { onReject: [report], propagateOnRejection: false };
  const armor = new ApolloArmor({
    maxDepth: { n: limits.maxDepth, flattenFragments: true, ...reporting },
    // an empty allow list, or `__typename` under a thousand aliases is free
    maxAliases: { n: limits.maxAliases, allowList: [], ...reporting },
    maxDirectives: { n: MAX_DIRECTIVES, ...reporting },
    costLimit: { enabled: false }, // it takes a page size given by a variable for 1; ours does not
    maxTokens: { enabled: false },
    blockFieldSuggestion: { enabled: false }, // the schema is public: suggestions help, and hide nothing
  });
  const cost = costRule(limits.maxCost, (context, found) =>
    reject(context, `Cost limit of ${limits.maxCost} exceeded, found ${found}.`),
  );
  return [...armor.protect().validationRules, cost, repetitionRule];
}

/** The same field a thousand times is answered once, but collected and compared a thousand times. */
const repetitionRule = (context: ValidationContext): ASTVisitor => ({
  SelectionSet({ selections }) {
    if (selections.length <= MAX_REPETITIONS) return;
    const seen = new Map<string, number>();
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) continue;
      const name =
        selection.kind === Kind.FIELD ? (selection.alias ?? selection.name).value : `...${selection.name.value}`;
      const count = (seen.get(name) ?? 0) + 1;
      seen.set(name, count);
      if (count > MAX_REPETITIONS)
        return reject(context, `Repetition limit of ${MAX_REPETITIONS} exceeded by ${name}.`);
    }
  },
});

function report(context: ValidationContext | null, error: GraphQLError): void {
  if (context) reject(context, error.message.replace('Syntax Error: ', ''));
}

function reject(context: ValidationContext, message: string): void {
  const tooComplex = new AppError('QUERY_TOO_COMPLEX', message, {
    hint: 'Ask for less at once: fewer fields, smaller pages, or several operations.',
  });
  context.reportError(new GraphQLError(message, { originalError: tooComplex }));
}
