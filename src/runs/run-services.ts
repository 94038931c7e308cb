/** What the runs slice needs of the process it runs in; the composition root makes it. */
import type { Notifier } from '../platform/notifications/notifier.js';
import type { AnswerCheck } from './answer-input-request.js';
import type { RunFeed } from './following/run-feed.js';

export interface RunServices {
  notifier: Notifier; // on RUN_CHANNEL
  feed: RunFeed;
  queueLimit: number; // runs that may wait for a worker, over all tenants, before new ones are refused
  artifactBytes: number; // what the artifacts of a run may have together when neither it nor its kind says
  answerChecks: ReadonlyMap<string, AnswerCheck>; // by kind of input request
}

declare module '../platform/graphql/api-context.js' {
  interface Services {
    runs: RunServices;
  }
}
