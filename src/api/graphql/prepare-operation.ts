/**
 * Parses and validates operations that arrive over WebSockets, where Apollo does not: the same token limit, the same rules.
 * The outcome is kept by text, since a thousand subscribers send one document.
 */
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import type { EdgeSettings } from '../edge-settings.js';
import { type GraphQLLimits, limitRules } from './limits.js';

const KEPT_DOCUMENTS = 500;
const MAX_KEPT_CHARACTERS = 10_000; // longer texts are rare, and keeping them would let a client fill the memory

export type PreparedDocument = DocumentNode | readonly GraphQLError[];

export function documentPreparer(
  schema: GraphQLSchema,
  limits: GraphQLLimits,
  { introspection }: Pick<EdgeSettings, 'introspection'>,
): (text: string) => PreparedDocument {
  const rules = [...specifiedRules, ...limitRules(limits), ...(introspection ? [] : [NoSchemaIntrospectionCustomRule])];
  const kept = new Map<string, PreparedDocument>();

  function prepare(text: string): PreparedDocument {
    try {
      const document = parse(text, { maxTokens: limits.maxTokens });
      const errors = validate(schema, document, rules);
      return errors.length === 0 ? document : errors.map((error) => faulty(error, 'GRAPHQL_VALIDATION_FAILED'));
    } catch (error) {
      return [faulty(error as GraphQLError, 'GRAPHQL_PARSE_FAILED')];
    }
  }

  return (text) => {
    const known = kept.get(text);
    if (known) return known;
    const prepared = prepare(text);
    if (text.length <= MAX_KEPT_CHARACTERS) {
      if (kept.size >= KEPT_DOCUMENTS) kept.delete(kept.keys().next().value ?? '');
      kept.set(text, prepared);
    }
    return prepared;
  };
}

const faulty = (error: GraphQLError, code: string): GraphQLError =>
  new GraphQLError(error.message, {
    nodes: error.nodes,
    source: error.source,
    positions: error.positions,
    originalError: error.originalError,
    extensions: { ...error.extensions, code },
  });
