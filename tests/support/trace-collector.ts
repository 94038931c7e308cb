/** An OpenTelemetry collector on loopback that keeps the spans it is sent, and a process that traces into it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startTracing } from '../../src/platform/telemetry/tracing.js';

export interface Span {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: { key: string; value: Record<string, unknown> }[];
}

export interface TraceCollector {
  /** All that were sent; complete once `flush` has resolved. */
  spans: Span[];
  /** Ends tracing in this process, and the collector. */
  flush(): Promise<void>;
}

/** Traces this process: one collector at a time. */
export async function collectTraces(): Promise<TraceCollector> {
  const spans: Span[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as {
      resourceSpans: { scopeSpans: { spans: Span[] }[] }[];
    };
    for (const { scopeSpans } of body.resourceSpans) for (const scope of scopeSpans) spans.push(...scope.spans);
    response.setHeader('content-type', 'application/json').end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const tracing = startTracing({ name: 'test', version: '0' }, { endpoint, ratio: 1 });
  return {
    spans,
    async flush() {
      await tracing.stop();
      server.close();
    },
  };
}

export const attributeOf = (span: Span | undefined, key: string): Record<string, unknown> | undefined =>
  span?.attributes.find((each) => each.key === key)?.value;
