/**
 * The emitted schema, and selections made from it: everything a type has, so that a field that is added tomorrow is asked
 * for tomorrow, by tests nobody had to change.
 */
import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

export const emittedSchema = (): GraphQLSchema =>
  buildSchema(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'));

type Fields = { name: string; getFields(): Record<string, GraphQLField<unknown, unknown>> };

const CONNECTION = /Connection$/;
const SCHEMA = emittedSchema();

export const isNode = (type: unknown): type is GraphQLObjectType =>
  (isObjectType(type) || isInterfaceType(type)) &&
  (type.name === 'Node' || type.getInterfaces().some((parent) => parent.name === 'Node'));

export const isConnection = (type: { name: string }): boolean => CONNECTION.test(type.name);

/** Object types that implement Node. */
export const nodeTypes = (schema: GraphQLSchema): GraphQLObjectType[] =>
  Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && isNode(type)) as GraphQLObjectType[];

/**
 * All fields of a type. Values below it are written out; nodes below it are named by type and id, or, down to `depth` of
 * them, written out too. Lists that have pages ask for `first`.
 */
export function fullSelection(
  type: Fields,
  { depth = 0, first = 100 }: { depth?: number; first?: number } = {},
): string {
  const fields = Object.values(type.getFields()).map((field) => selectionOf(field, { depth, first }));
  return `{ __typename ${fields.join(' ')} }`;
}

function selectionOf(
  field: GraphQLField<unknown, unknown>,
  { depth, first }: { depth: number; first: number },
): string {
  const type = getNamedType(field.type as GraphQLOutputType);
  if (isLeafType(type)) return field.name;
  const below = type as unknown as Fields;
  // what must be numbered is asked for by its first: a page
  if (field.args.some(isRequiredArgument)) return `${field.name}(number: 1) ${fullSelection(below, { depth, first })}`;
  if (isConnection(below)) {
    const node = (below.getFields().nodes as GraphQLField<unknown, unknown>).type;
    return `${field.name}(first: ${first}) { nodes ${nodeSelection(getNamedType(node) as unknown as Fields, { depth, first })} }`;
  }
  if (isNode(type)) return `${field.name} ${nodeSelection(below, { depth, first })}`;
  return `${field.name} ${fullSelection(below, { depth, first })}`;
}

/** Of an interface, what each of its types has. */
export function nodeSelection(type: Fields, { depth, first }: { depth: number; first: number }): string {
  if (depth === 0) return '{ __typename id }';
  const below = { depth: depth - 1, first };
  if (!isInterfaceType(type)) return fullSelection(type, below);
  const types = SCHEMA.getPossibleTypes(type);
  return `{ ${types.map((possible) => `... on ${possible.name} ${fullSelection(possible, below)}`).join(' ')} }`;
}
