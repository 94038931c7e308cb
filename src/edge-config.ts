/** What the settings say of the edge of the API: a profile's choices, each overruled by its own variable. */
import type { EdgeSettings } from './api/edge-settings.js';
import type { PersistedMode } from './api/persisted-documents.js';
import type { ConfigValues } from './config-variables.js';

export interface EdgeConfig extends Omit<EdgeSettings, 'documents'> {
  documents: { mode: PersistedMode; file: string | undefined };
}

export function edgeConfig(values: ConfigValues): EdgeConfig {
  const shows = (choice: 'on' | 'off' | undefined) => (choice ? choice === 'on' : values.PROFILE !== 'production');
  return {
    introspection: shows(values.INTROSPECTION),
    graphqlGet: shows(values.GRAPHQL_GET),
    playground: shows(values.PLAYGROUND),
    https: values.PUBLIC_URL?.startsWith('https:') ?? false,
    trustedProxies: values.TRUSTED_PROXIES,
    maxConnections: values.MAX_CONNECTIONS,
    quotas: {
      requests: {
        address: values.RATE_ADDRESS_REQUESTS,
        user: values.RATE_USER_REQUESTS,
        key: values.RATE_KEY_REQUESTS,
      },
      cost: { address: values.RATE_ADDRESS_COST, user: values.RATE_USER_COST, key: values.RATE_KEY_COST },
    },
    sockets: {
      socketsPerUser: values.SOCKETS_PER_USER,
      socketsPerAddress: values.SOCKETS_PER_ADDRESS,
      subscriptionsPerUser: values.SUBSCRIPTIONS_PER_USER,
      subscriptionsPerAddress: values.SUBSCRIPTIONS_PER_ADDRESS,
    },
    documents: { mode: values.PERSISTED_DOCUMENTS, file: values.PERSISTED_DOCUMENTS_FILE },
  };
}
