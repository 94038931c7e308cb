/** The schema's scalars beyond GraphQL's own, under the names the schema gives them. */

import type { GraphQLScalarType } from 'graphql';
import { GraphQLDateTime, GraphQLJSON, GraphQLURL } from 'graphql-scalars';

/** RFC 3339 in UTC. `Date` properties of a type map to it by themselves. */
export const DateTimeScalar: GraphQLScalarType = GraphQLDateTime;
export const JsonScalar: GraphQLScalarType = GraphQLJSON;
export const UrlScalar: GraphQLScalarType = GraphQLURL;
