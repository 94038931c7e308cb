/**
 * Relay connections (https://relay.dev/graphql/connections.htm): `connectionOf` declares the Edge and Connection types
 * of a node type once; `toPage` makes the value they resolve from. Rows are ordered by id, which is by creation.
 */
import 'reflect-metadata';
import { type ClassType, Field, ObjectType } from 'type-graphql';
import { encodeCursor } from './cursor.js';
import type { PageRequest } from './page-args.js';

@ObjectType('PageInfo')
export class PageInfo {
  @Field(() => Boolean)
  hasNextPage!: boolean;

  @Field(() => Boolean)
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true })
  startCursor!: string | null;

  @Field(() => String, { nullable: true })
  endCursor!: string | null;
}

export interface Edge<T> {
  cursor: string;
  node: T;
}

export interface Page<T> {
  edges: Edge<T>[];
  nodes: T[];
  pageInfo: PageInfo;
}

/**
 * The class to name in `@Query(() => …)`: `connectionOf('Project', () => ProjectType)` declares ProjectEdge and
 * ProjectConnection. Call it once per node type, beside that type.
 */
export function connectionOf(name: string, nodeType: () => ClassType | object): ClassType<Page<object>> {
  const declared = nodeType as () => ClassType;

  @ObjectType(`${name}Edge`)
  class EdgeType {
    @Field(() => String)
    cursor!: string;

    @Field(declared)
    node!: object;
  }

  @ObjectType(`${name}Connection`)
  class ConnectionType {
    @Field(() => [EdgeType])
    edges!: EdgeType[];

    @Field(() => [declared()], { description: 'The nodes of `edges`, for those who need no cursors.' })
    nodes!: object[];

    @Field(() => PageInfo)
    pageInfo!: PageInfo;
  }

  return ConnectionType;
}

/** `rows`: up to `request.size + 1` rows in the order they were read (reversed when `fromEnd`). */
export function toPage<T extends { id: string }>(rows: readonly T[], request: PageRequest): Page<T> {
  const more = rows.length > request.size;
  const nodes = rows.slice(0, request.size);
  if (request.fromEnd) nodes.reverse();
  const edges = nodes.map((node) => ({ cursor: encodeCursor(node.id), node }));
  return {
    edges,
    nodes,
    pageInfo: {
      hasNextPage: request.fromEnd ? request.before !== undefined : more,
      hasPreviousPage: request.fromEnd ? more : request.after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
