import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../../../tests/support/api.js';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import { withProbes } from '../../../tests/support/probe.resolver.js';
import { attributeOf, collectTraces, type TraceCollector } from '../../../tests/support/trace-collector.js';
import { schemaParts } from '../../schema.js';
import { buildApiSchema } from './build-schema.js';

let db: TestDatabase;
let api: TestApi;
let traces: TraceCollector;
let tenantId: string;
let metrics: string;

beforeAll(async () => {
  traces = await collectTraces();
  db = await createTestDatabase();
  api = await startTestApi(db, { schema: buildApiSchema(withProbes(schemaParts)) });
  const person = await api.register();
  tenantId = person.tenantId;
  const ask = (query: string, requestId: string) =>
    fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-request-id': requestId,
        authorization: `Bearer ${person.token}`,
        traceparent: '00-11111111111111111111111111111111-2222222222222222-01',
      },
      body: JSON.stringify({ query }),
    });
  await ask('query MyOwnName { mine: viewer { roles } }', 'a-request');
  await ask('{ brokenSql }', 'a-failure');
  metrics = await (await fetch(`${api.url}/metrics`)).text();
  await api.close();
  await traces.flush();
});
afterAll(() => db?.drop());

const spanOf = (requestId: string) =>
  traces.spans.find((span) => attributeOf(span, 'requestId')?.stringValue === requestId);

describe('an operation', () => {
  it('is a span named by the fields of the schema it asks for, with the ids of tenant and request', () => {
    expect(spanOf('a-request')?.name).toBe('query viewer');
    expect(attributeOf(spanOf('a-request'), 'tenantId')).toEqual({ stringValue: tenantId });
  });

  it('begins a trace of its own, whatever the client sends', () => {
    expect(spanOf('a-request')?.traceId).toMatch(/^(?!1{32})[0-9a-f]{32}$/);
    expect(spanOf('a-request')?.parentSpanId).toBeFalsy();
  });

  it('has its request, tenant and trace in the log lines it causes', () => {
    expect(api.logged.find(({ requestId }) => requestId === 'a-failure')).toMatchObject({
      tenantId,
      traceId: spanOf('a-failure')?.traceId ?? 'none',
    });
  });
});

describe('/metrics', () => {
  it('shows the queue, the pool, and who follows', () => {
    expect(metrics).toContain('\npaperwright_queue_depth 0\n');
    expect(metrics).toContain('\npaperwright_run_followers 0\n');
    expect(metrics).toMatch(/\npaperwright_database_connections\{state="idle"\} [1-9]/);
    expect(metrics).toContain('\npaperwright_event_lag_seconds_count 0\n');
  });
});
