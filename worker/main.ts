/** The worker process: settings in, a running worker out. Loads no resolver, GraphQL type, subscription or rule. */
import { loadConfig } from '../src/config.js';
import { openSealer } from '../src/open-accounts.js';
import { openAuditHeads, openBlobStore } from '../src/open-blob-store.js';
import { createLog } from '../src/platform/log.js';
import { startTracing } from '../src/platform/telemetry/tracing.js';
import { prepareDatabase } from '../src/prepare-database.js';
import { runProcess } from '../src/run-process.js';
import { VERSION } from '../src/version.js';
import { BLOB_NAMES } from './blob-names.js';
import { parseDebugPoint } from './engine/debug-point.js';
import { startKeepingIndexes } from './keep-indexes.js';
import { openPaperTools } from './open-paper-tools.js';
import { PIPELINES } from './pipelines/pipelines.js';
import { startWorker } from './start-worker.js';
import { openEmbeddingModel, openModel } from './tools/model/model-services.js';

const INDEXING_MS = 5_000; // 5 seconds: an index that comes so much later is missed by nobody

await runProcess(async () => {
  const config = loadConfig();
  const log = createLog('worker', config.logLevel, { secrets: config.secrets });
  const tracing = startTracing({ name: 'worker', version: VERSION }, config.tracing);
  const { urls } = await prepareDatabase(config.database.source);
  // the worker hands out no URL of its own; the origin only has to be one
  const { store } = await openBlobStore(config, () => config.http.publicUrl ?? `http://localhost:${config.http.port}`);
  const worker = await startWorker({
    ...config.worker,
    blobSweep: { names: BLOB_NAMES, ...config.blobSweep },
    auditHeads: { store: openAuditHeads(config, store), everyMs: config.auditHeadMs },
    sealer: openSealer(config),
    indexing: { everyMs: INDEXING_MS },
    debugPoint: parseDebugPoint(config.worker.debugPoint),
    urls,
    blobs: store,
    pipelines: PIPELINES,
    papers: (lanes, reportHealth) => openPaperTools(config, lanes, reportHealth),
    model: openModel(config),
    embedding: openEmbeddingModel(config),
    log,
    version: VERSION,
    shutdownMs: config.shutdownMs,
    ...(config.workerMetrics ? { metrics: config.workerMetrics } : {}),
  });
  const indexes = startKeepingIndexes(urls.owner, log);
  log.info({ version: VERSION, configSha256: config.fingerprint }, 'working');
  if (worker.metricsPort !== undefined) log.info({ port: worker.metricsPort }, 'metrics are shown');
  return {
    shutdownMs: config.shutdownMs,
    async stop() {
      await indexes.stop();
      await worker.stop();
      await tracing.stop();
    },
  };
});
