/** How the API meets the outside: what it shows of itself, whom it believes, and how much it gives to each. */
import { NO_DOCUMENTS, type PersistedDocuments } from './persisted-documents.js';
import { NO_QUOTAS, type RateQuotas } from './rate-limits/subjects.js';
import type { SocketCaps } from './socket-caps.js';

export interface EdgeSettings {
  /** Off: no introspection, no /schema.graphql, and no error that suggests a name. */
  introspection: boolean;
  /** Queries by GET; mutations never are. */
  graphqlGet: boolean;
  playground: boolean;
  /** The public address is https: browsers are told to come by nothing else. */
  https: boolean;
  /** Addresses and networks (CIDR) whose X-Forwarded-For is believed. */
  trustedProxies: readonly string[];
  /** TCP connections of the process; 0 for no limit. */
  maxConnections: number;
  quotas: RateQuotas;
  sockets: SocketCaps;
  documents: PersistedDocuments;
}

/** Everything shown and nothing limited: for development and tests. */
export const OPEN_EDGE: EdgeSettings = {
  introspection: true,
  graphqlGet: true,
  playground: true,
  https: false,
  trustedProxies: [],
  maxConnections: 0,
  quotas: NO_QUOTAS,
  sockets: { socketsPerUser: 0, socketsPerAddress: 0, subscriptionsPerUser: 0, subscriptionsPerAddress: 0 },
  documents: NO_DOCUMENTS,
};
