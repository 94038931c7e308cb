/** The long-lived things that resolvers use, made once for an API process from what it has opened. */

import type { EmbeddingConfig } from './evidence/embeddings/embedding-config.js';
import type { AccountServices } from './identity/accounts/account-services.js';
import type { AuditHeadStore } from './identity/audit/audit-head.js';
import { openSessionLookup } from './identity/sessions/session-lookup.js';
import type { AuthServices } from './identity/tokens/auth-services.js';
import { checkOutlineAnswer } from './kinds/research/check-outline-answer.js';
import type { SearchServiceName } from './kinds/research/connector-name.js';
import type { ModelConfig } from './kinds/research/model-config.js';
import { OUTLINE_APPROVAL } from './kinds/research/research-kind.js';
import type { PageImageUrls } from './papers/page-image/page-image-urls.js';
import type { PaperEngineName } from './papers/paper-engine-name.js';
import type { BlobStore } from './platform/blobs/blob-store.js';
import type { Database } from './platform/database/database.js';
import type { Services } from './platform/graphql/api-context.js';
import type { Log } from './platform/log.js';
import { createNotifier } from './platform/notifications/notifier.js';
import type { AnswerCheck } from './runs/answer-input-request.js';
import { RunFeed } from './runs/following/run-feed.js';
import { RUN_CHANNEL } from './runs/run-channel.js';

/** What an answer to each kind of input request must be; kinds add theirs here. */
const ANSWER_CHECKS: ReadonlyMap<string, AnswerCheck> = new Map([[OUTLINE_APPROVAL, checkOutlineAnswer]]);

export interface ServicesOptions {
  database: Database;
  /** Of role pw_app, for the connection that listens. */
  listenUrl: string;
  accounts: AccountServices;
  auth: AuthServices;
  auditHeads: AuditHeadStore;
  blobs: BlobStore;
  queueLimit: number;
  runArtifactBytes: number;
  uploadBytes: number;
  ingestsPerHour: number;
  paperEngines: readonly PaperEngineName[];
  pageImages: PageImageUrls;
  model?: ModelConfig | null; // none when absent
  embedding?: EmbeddingConfig | null; // none when absent
  researchConnectors?: readonly SearchServiceName[]; // none when absent
  log: Log;
}

export interface OpenedServices {
  services: Services;
  close(): Promise<void>;
}

export async function openServices({
  database,
  listenUrl,
  accounts,
  auth,
  auditHeads,
  blobs,
  queueLimit,
  runArtifactBytes,
  uploadBytes,
  ingestsPerHour,
  paperEngines,
  pageImages,
  model = null,
  embedding = null,
  researchConnectors = [],
  log,
}: ServicesOptions): Promise<OpenedServices> {
  const notifier = createNotifier(database, RUN_CHANNEL, (error) => log.warn({ err: error }, 'a hint was not sent'));
  const feed = new RunFeed({ database, listenUrl });
  await feed.start();
  return {
    services: {
      database,
      log,
      accounts,
      auth,
      findSession: openSessionLookup(database.nobody),
      auditHeads,
      signInFailures: { ofAccounts: 0, ofNobody: 0 },
      blobs,
      uploads: { maxBytes: uploadBytes },
      ingestion: { perHour: ingestsPerHour, engines: paperEngines },
      pageImages,
      model: model && { models: model.models, prices: model.prices }, // no resolver needs the key
      embedding: embedding && {
        model: embedding.model,
        dimensions: embedding.dimensions,
        prefixes: embedding.prefixes,
        price: embedding.price,
      },
      researchConnectors,
      runs: { notifier, feed, queueLimit, artifactBytes: runArtifactBytes, answerChecks: ANSWER_CHECKS },
    },
    async close() {
      await feed.stop();
      await notifier.flush();
    },
  };
}
