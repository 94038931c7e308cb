/** The API process (`npm run start:api`): the place where its parts are chosen, opened, connected and closed. */
import net from 'node:net';
import type { FastifyInstance } from 'fastify';
import { startApiServer } from './api/api-server.js';
import { buildApiSchema } from './api/build-schema.js';
import { registerPlayground } from './api/playground.js';
import { type Config, loadConfig } from './config.js';
import { ENTITIES } from './entities.js';
import { type Blobs, openBlobStore } from './open-blob-store.js';
import { openServices } from './open-services.js';
import { blobRoutes } from './platform/blobs/blob-routes.js';
import { openDatabase } from './platform/database/database.js';
import { createLog } from './platform/log.js';
import { prepareDatabase } from './prepare-database.js';
import { runProcess, type StartedProcess } from './run-process.js';
import { schemaParts } from './schema.js';

await runProcess(() => startApi(loadConfig()));

async function startApi(config: Config): Promise<StartedProcess> {
  const log = createLog('api', config.logLevel);
  const schema = buildApiSchema(schemaParts);
  const { urls } = await prepareDatabase(config.database.source);
  const database = await openDatabase({ url: urls.app, entities: ENTITIES, poolSize: config.database.poolSize });
  const port = config.http.port || (await freePort(config.http.host)); // links need the number before there is a server
  const blobs = await openBlobStore(config, config.http.publicUrl ?? `http://localhost:${port}`);
  const { services, close } = await openServices({
    database,
    listenUrl: urls.app,
    blobs: blobs.store,
    queueLimit: config.limits.queuedRuns,
    log,
  });
  const server = await startApiServer({
    schema,
    services,
    http: { ...config.http, port },
    limits: config.graphql,
    shutdownMs: config.shutdownMs,
    addRoutes: (app) => addRoutes(app, config, blobs),
  });
  log.info({ url: server.url }, 'listening');
  return {
    url: server.url,
    shutdownMs: config.shutdownMs,
    async stop() {
      await server.close();
      await close();
      await database.close();
    },
  };
}

async function addRoutes(app: FastifyInstance, config: Config, blobs: Blobs): Promise<void> {
  await registerPlayground(app);
  if (config.blobs.kind === 'disk') await app.register(blobRoutes, blobs);
}

function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen({ port: 0, host }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
