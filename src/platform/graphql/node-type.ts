/**
 * Relay's Node: every object with a public id of its own. A slice describes its kinds of node (`NodeKind`), the
 * composition root lists them (src/schema.ts), and from that list come `Query.node`, the encoding of `id` fields and the
 * check that no type was forgotten.
 *
 * Resolvers return entities with plain uuids; `encodeNodeIds` wraps the `id` field of every node type of the built schema,
 * so that ids are encoded in one place and nowhere by hand.
 */
import 'reflect-metadata';
import { defaultFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import { Field, ID, InterfaceType } from 'type-graphql';
import { encodeId, type IdPrefix, parseId } from '../ids.js';
import type { ActorContext } from './api-context.js';

/** What `Query.node` has loaded remembers its type here: an entity does not know its GraphQL type's name. */
const typeNames = new WeakMap<object, string>();

@InterfaceType('Node', {
  description: 'Something with an id of its own. Ids are opaque and typed: `run_…`, `proj_…`.',
  resolveType: (value: object) => typeNames.get(value),
})
export abstract class NodeType {
  @Field(() => ID)
  id!: string;
}

export interface NodeKind<T extends { id: string } = { id: string }> {
  prefix: IdPrefix;
  /** The object types whose ids carry the prefix. */
  typeNames: readonly string[];
  /** Which of them a row is; needed only when there are several. */
  typeNameOf?: (row: T) => string;
  /** The row, or null when there is none that the caller may see. */
  load: (ctx: ActorContext, uuid: string) => Promise<T | null>;
}

/** A kind with its row type forgotten, for lists of kinds. */
export function nodeKind<T extends { id: string }>(kind: NodeKind<T>): NodeKind {
  return kind as unknown as NodeKind;
}

/** `Query.node`: null for anything that is not an id of ours, does not exist or may not be seen. */
export async function loadNode(
  kinds: readonly NodeKind[],
  ctx: ActorContext,
  publicId: string,
): Promise<object | null> {
  const parsed = parseId(publicId);
  const kind = parsed && kinds.find((candidate) => candidate.prefix === parsed.prefix);
  const row = kind ? await kind.load(ctx, parsed.uuid) : null;
  const typeName = row && (kind?.typeNameOf?.(row) ?? kind?.typeNames[0]);
  if (!row || !typeName) return null;
  typeNames.set(row, typeName);
  return row;
}

/** Alters `schema` in place. Throws when a type that implements Node belongs to no kind. */
export function encodeNodeIds(schema: GraphQLSchema, kinds: readonly NodeKind[]): void {
  const prefixes = new Map(kinds.flatMap((kind) => kind.typeNames.map((name) => [name, kind.prefix] as const)));
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || !type.getInterfaces().some((parent) => parent.name === 'Node')) continue;
    const prefix = prefixes.get(type.name);
    const field = type.getFields().id;
    if (!prefix || !field)
      throw new Error(`Type ${type.name} implements Node but no node kind of src/schema.ts names it.`);
    const resolve = field.resolve ?? defaultFieldResolver;
    field.resolve = (source, args, ctx, info) => encodeId(prefix, resolve(source, args, ctx, info) as string);
  }
}
