import { readdirSync, readFileSync } from 'node:fs';
import { parse, specifiedRules, validate } from 'graphql';
import { expect, test } from 'vitest';
import { buildApiSchema, printApiSchema } from './api/graphql/build-schema.js';
import { limitRules } from './api/graphql/limits.js';
import { configVariables } from './config-variables.js';
import { schemaParts } from './schema.js';

const schema = buildApiSchema(schemaParts);

test('schema/schema.graphql is what the code says: run `npm run schema` and review the change', () => {
  expect(readFileSync('schema/schema.graphql', 'utf8')).toBe(printApiSchema(schema));
});

test('every operation of the SDK is within the limits a server has when nobody sets them', () => {
  const limits = {
    maxDepth: configVariables.GRAPHQL_MAX_DEPTH.schema.parse(undefined),
    maxAliases: configVariables.GRAPHQL_MAX_ALIASES.schema.parse(undefined),
    maxTokens: configVariables.GRAPHQL_MAX_TOKENS.schema.parse(undefined),
    maxCost: configVariables.GRAPHQL_MAX_COST.schema.parse(undefined),
  };
  const texts = readdirSync('schema/operations').map((name) => readFileSync(`schema/operations/${name}`, 'utf8'));
  const all = parse(texts.join('\n'));
  const fragments = all.definitions.filter((definition) => definition.kind === 'FragmentDefinition');
  const operations = all.definitions.filter((definition) => definition.kind === 'OperationDefinition');
  expect(operations.length).toBeGreaterThan(5);
  const problems = operations.flatMap((operation) =>
    // each alone, with the fragments: a client sends only those it uses
    validate(schema, { ...all, definitions: [operation, ...fragments] }, [
      ...specifiedRules.filter((rule) => rule.name !== 'NoUnusedFragmentsRule'),
      ...limitRules(limits),
    ]).map((error) => `${operation.name?.value}: ${error.message}`),
  );
  expect(problems).toEqual([]);
});
