/** The real API on a free port over a test database, and a client that speaks to it as anybody would. */
import type { FastifyInstance } from 'fastify';
import { type ApiServerOptions, startApiServer } from '../../src/api/api-server.js';
import { type EdgeSettings, OPEN_EDGE } from '../../src/api/edge-settings.js';
import { buildApiSchema } from '../../src/api/graphql/build-schema.js';
import type { Guards } from '../../src/api/guards.js';
import type { EmbeddingConfig } from '../../src/evidence/embeddings/embedding-config.js';
import type { AccountServices } from '../../src/identity/accounts/account-services.js';
import { openAuditHeads } from '../../src/identity/audit/audit-head.js';
import type { AuthSettings } from '../../src/identity/tokens/auth-services.js';
import type { SearchServiceName } from '../../src/kinds/research/connector-name.js';
import type { ModelConfig } from '../../src/kinds/research/model-config.js';
import { openServices } from '../../src/open-services.js';
import { createPageImageUrls } from '../../src/papers/page-image/page-image-urls.js';
import type { BlobStore } from '../../src/platform/blobs/blob-store.js';
import type { Services } from '../../src/platform/graphql/api-context.js';
import { createLog } from '../../src/platform/log.js';
import { schemaParts } from '../../src/schema.js';
import { testAccounts } from './account-services.js';
import { testAuth } from './auth.js';
import type { TestDatabase } from './database.js';

export interface GraphQLAnswer {
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it asked for
  data: any;
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> & { code: string } }[];
}

export interface TestApi {
  url: string;
  wsUrl: string;
  /** Lines of the log, parsed. */
  logged: Record<string, unknown>[];
  gql(query: string, variables?: Record<string, unknown>, token?: string): Promise<GraphQLAnswer>;
  /** A new tenant with its OWNER. */
  register(
    name?: string,
  ): Promise<{ token: string; email: string; password: string; tenantId: string; userId: string }>;
  close(): Promise<void>;
}

export interface TestApiOptions
  extends Partial<Pick<ApiServerOptions, 'schema' | 'limits' | 'webSocket' | 'shutdownMs'>> {
  addRoutes?: (app: FastifyInstance, services: Services, guards: Guards) => Promise<void>;
  edge?: Partial<EdgeSettings>;
  accounts?: Partial<AccountServices>;
  auth?: Partial<AuthSettings>;
  blobs?: BlobStore;
  queueLimit?: number;
  ingestsPerHour?: number;
  model?: ModelConfig;
  embedding?: EmbeddingConfig;
  researchConnectors?: readonly SearchServiceName[];
  allowedOrigins?: readonly string[];
}

const LIMITS = { maxDepth: 15, maxAliases: 15, maxTokens: 1000, maxCost: 25_000 }; // the defaults of src/config-variables.ts

export async function startTestApi(db: TestDatabase, options: TestApiOptions = {}): Promise<TestApi> {
  const logged: Record<string, unknown>[] = [];
  const log = createLog('api', 'debug', {
    destination: { write: (line) => void logged.push(JSON.parse(line) as Record<string, unknown>) },
  });
  let publicUrl = ''; // known when it listens
  const { services, close: closeServices } = await openServices({
    database: db.database,
    listenUrl: db.urls.app,
    accounts: testAccounts(options.accounts),
    auth: testAuth(options.auth),
    auditHeads: openAuditHeads(options.blobs ?? noBlobs, Buffer.alloc(32, 9)),
    blobs: options.blobs ?? noBlobs,
    queueLimit: options.queueLimit ?? 1000,
    runArtifactBytes: 25_000_000,
    uploadBytes: 50 * 1024 * 1024,
    ingestsPerHour: options.ingestsPerHour ?? 100_000,
    paperEngines: ['BUILTIN'],
    pageImages: createPageImageUrls({
      secret: Buffer.alloc(32, 5),
      publicUrl: () => publicUrl,
      clock: () => new Date(),
    }),
    model: options.model ?? null,
    embedding: options.embedding ?? null,
    researchConnectors: options.researchConnectors ?? [],
    log,
  });
  const server = await startApiServer({
    schema: options.schema ?? buildApiSchema(schemaParts),
    services,
    http: { host: '127.0.0.1', port: 0, allowedOrigins: options.allowedOrigins ?? [] },
    limits: options.limits ?? LIMITS,
    edge: { ...OPEN_EDGE, ...options.edge },
    listenUrl: db.urls.app,
    shutdownMs: options.shutdownMs ?? 5_000,
    ...(options.webSocket && { webSocket: options.webSocket }),
    addRoutes: async (app, guards) => options.addRoutes?.(app, services, guards),
  });

  publicUrl = server.url;

  const gql: TestApi['gql'] = async (query, variables, token) => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as GraphQLAnswer;
  };

  let registered = 0;
  return {
    url: server.url,
    wsUrl: `${server.url.replace('http', 'ws')}/graphql`,
    logged,
    gql,
    async register(name = 'lab') {
      const email = `${name}-${process.pid}-${++registered}@example.org`;
      const password = 'correct horse battery';
      const answer = await gql(REGISTER, { input: { email, password, displayName: `Dr ${name}`, tenantName: name } });
      if (answer.errors) throw new Error(JSON.stringify([answer.errors, logged.at(-1)]));
      const { accessToken, viewer } = answer.data.register;
      return { token: accessToken, email, password, tenantId: viewer.tenant.id, userId: viewer.user.id };
    },
    async close() {
      await server.close();
      await closeServices();
    },
  };
}

const REGISTER = `mutation ($input: RegisterInput!) {
  register(input: $input) { ... on SignedIn { accessToken viewer { user { id } tenant { id } } } }
}`;

const noBlobs = new Proxy({} as BlobStore, {
  get: () => () => {
    throw new Error('This test was started without a blob store.');
  },
});
