/**
 * Traces of what the product does, by OpenTelemetry: a request, the run it started, each stage a worker makes of it and
 * the blobs those store are one trace, because a run keeps the `traceparent` (W3C Trace Context) of its first request.
 *
 * Without an endpoint nothing is recorded, sent or kept, and a span costs a function call. Spans carry ids and names of
 * our own, never questions, quotes or addresses of people. An endpoint that does not answer loses spans, nothing else.
 */
import { context, isSpanContextValid, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, ParentBasedSampler, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

export interface TracingConfig {
  endpoint: string | undefined; // of an OTLP collector over HTTP, without /v1/traces
  ratio: number; // 0..1 of the traces that begin here
}

export interface Tracing {
  /** Sends what is still held, and ends. */
  stop(): Promise<void>;
}

export interface SpanOptions {
  attributes?: Record<string, string | number | boolean>;
  kind?: 'internal' | 'server' | 'consumer' | 'client';
  /** A `traceparent` to go on from; the span under way when absent or null. */
  parent?: string | null;
}

const SCOPE = 'paperwright';
const FLUSH_MS = 2_000; // 2 seconds: a collector that is away must not hold up a shutdown
const TRACE_PARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/; // version 00 of W3C Trace Context
const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  consumer: SpanKind.CONSUMER,
  client: SpanKind.CLIENT,
};

/** Once a process, before its first span. */
export function startTracing(service: { name: string; version: string }, config: TracingConfig): Tracing {
  if (config.endpoint === undefined) return { stop: async () => undefined };
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({
      'service.name': `paperwright-${service.name}`,
      'service.version': service.version,
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(config.ratio) }),
    spanProcessors: [
      new BatchSpanProcessor(new OTLPTraceExporter({ url: `${config.endpoint}/v1/traces`, timeoutMillis: FLUSH_MS })),
    ],
  });
  provider.register();
  return {
    async stop() {
      await provider.shutdown().catch(() => undefined); // what could not be sent is lost, as the head says
      trace.disable();
      context.disable();
    },
  };
}

/** Does the work inside a span that ends with it; an error is noted by name and thrown on. */
export function inSpan<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  const { attributes = {}, kind = 'internal', parent = null } = options;
  const within = parent === null ? context.active() : goOnFrom(parent);
  return trace.getTracer(SCOPE).startActiveSpan(name, { attributes, kind: KINDS[kind] }, within, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'Error' });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Names the span under way, once it is known what it is about. */
export function describeSpan(name: string, attributes: SpanOptions['attributes'] = {}): void {
  trace.getActiveSpan()?.updateName(name).setAttributes(attributes);
}

/** The `traceparent` of the span under way; null when nothing is recorded. */
export function currentTraceParent(): string | null {
  const current = trace.getActiveSpan()?.spanContext();
  if (!current || !isSpanContextValid(current)) return null;
  return `00-${current.traceId}-${current.spanId}-${current.traceFlags.toString(16).padStart(2, '0')}`;
}

/** The id under which log lines and spans meet; undefined when nothing is recorded. */
export function currentTraceId(): string | undefined {
  const current = trace.getActiveSpan()?.spanContext();
  return current && isSpanContextValid(current) ? current.traceId : undefined;
}

function goOnFrom(traceParent: string) {
  const [, traceId, spanId, flags] = TRACE_PARENT.exec(traceParent) ?? [];
  if (!traceId || !spanId || !flags) return context.active();
  const remote = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(remote) ? trace.setSpanContext(context.active(), remote) : context.active();
}
