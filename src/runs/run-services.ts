/** What the runs slice needs of the process it runs in; the composition root makes it. */
import type { Notifier } from '../platform/notifications/notifier.js';
import type { RunFeed } from './run-feed.js';

export interface RunServices {
  notifier: Notifier; // on RUN_CHANNEL
  feed: RunFeed;
  queueLimit: number; // runs that may wait for a worker, over all tenants, before new ones are refused
}

export const RUN_CHANNEL = 'paperwright_runs';

declare module '../platform/graphql/api-context.js' {
  interface Services {
    runs: RunServices;
  }
}
