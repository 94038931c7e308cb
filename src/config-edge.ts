/** What the settings say of the edge of the API: a profile's choices, each overruled by its own variable. */
import type { ConfigValues } from './config-variables.js';

export interface EdgeConfig {
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
  documents: { mode: PersistedMode; file: string | undefined };
}

export type SubjectKind = 'address' | 'user' | 'key';

/** In a minute; 0 for no limit. Cost is counted in values, as `extensions.cost` tells. */
export interface RateQuotas {
  requests: Record<SubjectKind, number>;
  cost: Record<SubjectKind, number>;
}

/** At one process; 0 for no cap. */
export interface SocketCaps {
  socketsPerUser: number;
  socketsPerAddress: number;
  subscriptionsPerUser: number;
  subscriptionsPerAddress: number;
}

/** `off`: texts only. `prefer`: hashes or texts. `only`: hashes on the list, or texts that are on it word for word. */
export type PersistedMode = 'off' | 'prefer' | 'only';

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
