/**
 * GraphQL requests per second over HTTP, against the same parsed document executed in this process by graphql-js on the
 * same schema, with a context of the same actor and the same database: what HTTP, authentication, limits and metrics cost.
 */
import { Agent, request as httpRequest } from 'node:http';
import { execute, type GraphQLSchema, parse } from 'graphql';
import { buildApiSchema } from '../src/api/graphql/build-schema.js';
import { OperationContext } from '../src/api/graphql/operation-context.js';
import type { AccountServices } from '../src/identity/accounts/account-services.js';
import type { AuditHeadStore } from '../src/identity/audit/audit-head.js';
import type { AuthServices } from '../src/identity/tokens/auth-services.js';
import { openServices } from '../src/open-services.js';
import type { PageImageUrls } from '../src/papers/page-image/page-image-urls.js';
import type { BlobStore } from '../src/platform/blobs/blob-store.js';
import type { Services } from '../src/platform/graphql/api-context.js';
import { encodeId } from '../src/platform/ids.js';
import { createLog } from '../src/platform/log.js';
import { schemaParts } from '../src/schema.js';
import { startApi } from './support/api-process.js';
import { type BenchDatabase, insertRunningRun, openBenchDatabase } from './support/bench-database.js';
import type { Measurement, Size } from './support/report.js';
import { interleave } from './support/rounds.js';

const CLIENTS = 16;
const POOL = 10; // connections of the process that executes, as the API's default
const SIZES = { full: { rounds: 7, ms: 2_000 }, smoke: { rounds: 1, ms: 300 } };

interface Operation {
  name: string;
  query: string;
  variables: Record<string, unknown>;
}

export async function measureRequests(size: Size): Promise<Measurement[]> {
  const { rounds, ms } = SIZES[size];
  const bench = await openBenchDatabase(POOL);
  const { services, close } = await openServices({
    database: bench.database,
    listenUrl: bench.urls.app,
    accounts: {} as AccountServices, // nobody signs in
    auth: {} as AuthServices, // whoever comes over HTTP comes to another process
    auditHeads: {} as AuditHeadStore,
    blobs: {} as BlobStore, // these operations store nothing
    queueLimit: 1_000,
    runArtifactBytes: 25_000_000,
    uploadBytes: 50 * 1024 * 1024,
    ingestsPerHour: 500,
    paperEngines: ['BUILTIN'],
    pageImages: {} as PageImageUrls,
    log: createLog('bench', 'error'),
  });
  const api = await startApi(bench);
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  try {
    const schema = buildApiSchema(schemaParts);
    const measurements: Measurement[] = [];
    for (const operation of operations(encodeId('run', await insertRunningRun(bench)))) {
      const overHttp = () => post(agent, `${api.url}/graphql`, bench.token, operation);
      const inProcess = executor(schema, services, bench, operation);
      const rates = await interleave(rounds, {
        http: () => requestsPerSecond(ms, overHttp),
        bare: () => requestsPerSecond(ms, inProcess),
      });
      measurements.push({
        what: `GraphQL requests per second, ${operation.name}`,
        ours: `${rates.http.toFixed(0)}/s`,
        baseline: `bare execute in-process: ${rates.bare.toFixed(0)}/s`,
        ratio: rates.http / rates.bare,
        wanted: '',
        rounds,
      });
    }
    return measurements;
  } finally {
    agent.destroy();
    await api.stop();
    await close();
    await bench.close();
  }
}

const operations = (runId: string): Operation[] => [
  { name: 'no row read', query: '{ __typename }', variables: {} },
  {
    name: 'a run with its stages',
    query: 'query ($id: ID!) { run(id: $id) { id status createdAt stages { name status } } }',
    variables: { id: runId },
  },
];

function executor(schema: GraphQLSchema, services: Services, { actor }: BenchDatabase, operation: Operation) {
  const document = parse(operation.query);
  return async () => {
    const contextValue = new OperationContext(services, {
      actor,
      refusal: null,
      origin: { ip: '127.0.0.1', userAgent: null, requestId: null },
    });
    const result = await execute({ schema, document, contextValue, variableValues: operation.variables });
    await contextValue.endReading();
    if (result.errors) throw result.errors[0];
    JSON.stringify(result);
  };
}

/** As many at a time as there are clients. */
async function requestsPerSecond(ms: number, request: () => Promise<void>): Promise<number> {
  let answered = 0;
  const began = performance.now();
  const until = began + ms;
  const client = async () => {
    for (; performance.now() < until; answered++) await request();
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return answered / ((performance.now() - began) / 1000);
}

function post(agent: Agent, url: string, token: string, { query, variables }: Operation): Promise<void> {
  const body = JSON.stringify({ query, variables });
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      authorization: `Bearer ${token}`,
    };
    const sent = httpRequest(url, { agent, method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => {
        if (response.statusCode === 200 && !text.includes('"errors"')) resolve();
        else reject(new Error(`The API answered ${response.statusCode}: ${text}`));
      });
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
