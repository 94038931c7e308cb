/** The API process (`npm run start:api`): the place where its parts are chosen, opened, connected and closed. */
import type { FastifyInstance } from 'fastify';
import { startApiServer } from './api/api-server.js';
import { buildApiSchema } from './api/graphql/build-schema.js';
import { loadPersistedDocuments } from './api/graphql/persisted-documents.js';
import type { Guards } from './api/guards.js';
import { registerDownloads } from './api/routes/downloads.js';
import { registerEventStreams } from './api/routes/event-streams.js';
import { registerPageImages } from './api/routes/page-images.js';
import { registerPlayground } from './api/routes/playground.js';
import { type Config, loadConfig } from './config.js';
import { ENTITIES } from './entities.js';
import { openAuthServices } from './identity/tokens/auth-services.js';
import { openAccounts } from './open-accounts.js';
import { type Blobs, openAuditHeads, openBlobStore, openPageImageUrls } from './open-blob-store.js';
import { openServices } from './open-services.js';
import { openDatabase } from './platform/database/database.js';
import type { Services } from './platform/graphql/api-context.js';
import { createLog } from './platform/log.js';
import { startTracing } from './platform/telemetry/tracing.js';
import { prepareDatabase } from './prepare-database.js';
import { runProcess, type StartedProcess } from './run-process.js';
import { schemaParts } from './schema.js';
import { VERSION } from './version.js';

await runProcess(() => startApi(loadConfig()));

async function startApi(config: Config): Promise<StartedProcess> {
  const log = createLog('api', config.logLevel, { secrets: config.secrets });
  const tracing = startTracing({ name: 'api', version: VERSION }, config.tracing);
  const schema = buildApiSchema(schemaParts);
  const { documents } = config.edge;
  const { urls } = await prepareDatabase(config.database.source);
  const database = await openDatabase({ url: urls.app, entities: ENTITIES, poolSize: config.database.poolSize });
  let listening = ''; // links name the port, which may be any free one, so they ask when they are made
  const publicUrl = () => config.http.publicUrl ?? `http://localhost:${new URL(listening).port}`;
  const blobs = await openBlobStore(config, publicUrl);
  const { services, close } = await openServices({
    database,
    listenUrl: urls.app,
    accounts: openAccounts(config),
    auth: openAuthServices(config.auth),
    auditHeads: openAuditHeads(config, blobs.store),
    blobs: blobs.store,
    queueLimit: config.limits.queuedRuns,
    runArtifactBytes: config.limits.runArtifactBytes,
    uploadBytes: config.limits.uploadBytes,
    ingestsPerHour: config.limits.ingestsPerHour,
    paperEngines: config.papers.grobidUrl ? ['BUILTIN', 'GROBID'] : ['BUILTIN'],
    pageImages: openPageImageUrls(config, publicUrl),
    model: config.model,
    embedding: config.embedding,
    researchConnectors: config.connectors.allowed,
    log,
  });
  const server = await startApiServer({
    schema,
    services,
    http: { ...config.http, allowedOrigins: originsOf(config.http) },
    limits: config.graphql,
    edge: { ...config.edge, documents: await loadPersistedDocuments(documents.mode, documents.file) },
    listenUrl: urls.app,
    shutdownMs: config.shutdownMs,
    addRoutes: (app, guards) => addRoutes(app, { config, blobs, services, guards }),
  });
  listening = server.url;
  log.info({ url: server.url, version: VERSION, configSha256: config.fingerprint }, 'listening');
  return {
    url: server.url,
    shutdownMs: config.shutdownMs,
    async stop() {
      await server.close();
      await close();
      await database.close();
      await tracing.stop();
    },
  };
}

/** A page that was loaded from our public address is our own, whatever host a proxy calls us by. */
function originsOf({ publicUrl, allowedOrigins }: Config['http']): string[] {
  return publicUrl ? [...allowedOrigins, new URL(publicUrl).origin] : [...allowedOrigins];
}

async function addRoutes(
  app: FastifyInstance,
  { config, blobs, services, guards }: { config: Config; blobs: Blobs; services: Services; guards: Guards },
): Promise<void> {
  if (config.edge.playground) await registerPlayground(app);
  registerEventStreams(app, services, { guards });
  registerPageImages(app, services);
  if (config.blobs.kind === 'disk') await registerDownloads(app, blobs, services);
}
