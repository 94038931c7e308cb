/** How the API meets the outside: what it shows of itself, whom it believes, and how much it gives to each. */
import type { EdgeConfig } from '../config-edge.js';
import { NO_DOCUMENTS, type PersistedDocuments } from './graphql/persisted-documents.js';
import { NO_QUOTAS } from './rate-limits/subjects.js';

/** As configured, with the persisted documents read. */
export interface EdgeSettings extends Omit<EdgeConfig, 'documents'> {
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
