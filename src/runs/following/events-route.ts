/**
 * `GET /runs/:id/events`: the timeline for clients without WebSockets, from the same feed as the subscription.
 *
 *   Accept: text/event-stream   Server-Sent Events (https://html.spec.whatwg.org/multipage/server-sent-events.html): `id` is
 *                               the seq, so a browser that reconnects sends Last-Event-ID and misses nothing; a comment
 *                               keeps the line open; `event: end` says that nothing more will come, `event: error` that
 *                               this client must do something first
 *   anything else               one JSON batch: {events, cursor, caughtUp}, from `?after_id=`, at most `?first=`
 *
 * Authorised like any operation: the credential in the Authorization or X-API-Key header, the run as its bearer may see it.
 * A stream ends with its token, by `event: error`. One that is cut without either of the two (the server goes away, the client read too slowly) is resumed by its last id.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../../platform/database/actor.js';
import type { Database } from '../../platform/database/database.js';
import { AppError, badInput } from '../../platform/errors.js';
import type { RunEvent } from '../run-event.js';
import { checkCursor, readTimeline } from './read-timeline.js';
import type { EventBatch, RunFeed } from './run-feed.js';

const KEEPALIVE_MS = 15_000; // 15 seconds: below the idle time-outs of common proxies (60 s)
const MAX_TIMER_MS = 2 ** 31 - 1;
const STALLED_KEEPALIVES = 2; // a client that reads nothing for two of them is cut, like a socket that misses two pings

export interface EventsRouteOptions {
  database: Database;
  feed: RunFeed;
  /** Answers who asks, and when their token ends by itself (null: it does not); throws UNAUTHENTICATED. */
  identify: (request: FastifyRequest, reply: FastifyReply) => Promise<{ actor: Actor; validUntil: Date | null }>;
  /** Counts a stream that begins; throws RATE_LIMITED for one too many. Returns what gives its place back. */
  openStream?: (request: FastifyRequest, actor: Actor) => () => void;
  /** Answers an error in the API's form. */
  sendError: (reply: FastifyReply, error: unknown) => FastifyReply;
  /** What is sent of an error within a stream: `{message, extensions}`. */
  formatError: (error: unknown) => object;
  keepaliveMs?: number;
}

interface EventsRequest {
  Params: { id: string };
  Querystring: { after_id?: string; first?: string };
}

type Raw = FastifyReply['raw'];

interface Stream {
  batches: AsyncGenerator<EventBatch, void, void>;
  first: IteratorResult<EventBatch, void>;
  validUntil: Date | null;
}

export function registerEventsRoute(app: FastifyInstance, options: EventsRouteOptions): void {
  const streams = new Set<Raw>();
  // a stream never ends by itself while its run goes on; cut, its client resumes at another process
  app.addHook('preClose', async () => {
    for (const raw of streams) raw.destroy();
  });

  app.get<EventsRequest>('/runs/:id/events', async (request, reply) => {
    try {
      const { actor, validUntil } = await options.identify(request, reply);
      const runId = await options.feed.requireRun(actor, request.params.id);
      const after = cursorOf(request.headers['last-event-id'] ?? request.query.after_id);
      if (!/text\/event-stream/i.test(request.headers.accept ?? '')) {
        const first = request.query.first === undefined ? null : wholeNumber('first', request.query.first);
        return await readTimeline(options.database.asActor(actor), runId, { after, first });
      }
      if (reply.raw.destroyed) return reply.hijack(); // the client has left: its `close` will not come again
      const leave = options.openStream?.(request, actor);
      if (leave) reply.raw.once('close', leave);
      const batches = options.feed.follow({ actor, runId, after });
      reply.raw.once('close', () => void batches.return());
      const first = await batches.next(); // a refused cursor is still an ordinary error answer
      if (reply.raw.destroyed) return reply.hijack();
      streams.add(reply.raw);
      reply.raw.once('close', () => streams.delete(reply.raw));
      await stream(reply, options, { batches, first, validUntil });
      return reply;
    } catch (error) {
      return options.sendError(reply, error);
    }
  });
}

async function stream(
  reply: FastifyReply,
  { formatError, keepaliveMs = KEEPALIVE_MS }: EventsRouteOptions,
  { batches, first, validUntil }: Stream,
): Promise<void> {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    ...reply.getHeaders(),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no', // nginx would hold the stream back
    connection: 'keep-alive',
  } as Record<string, string>);
  raw.flushHeaders();
  const stopKeepalive = keepAlive(raw, keepaliveMs);
  const fail = (error: unknown) => {
    if (isOpen(raw)) raw.end(`event: error\ndata: ${JSON.stringify(formatError(error))}\n\n`);
  };
  const stopExpiring = endAt(validUntil, () => {
    fail(expired());
    void batches.return();
  });
  try {
    for (let batch = first; !batch.done; batch = await batches.next()) {
      for (const event of batch.value.events) await write(raw, frame(event));
    }
    if (isOpen(raw)) raw.end('event: end\ndata: {}\n\n');
  } catch (error) {
    fail(error);
  } finally {
    stopKeepalive();
    stopExpiring();
  }
}

/** Longer than Node's timers last, a token is as good as endless: sooner or later the connection breaks. */
function endAt(moment: Date | null, end: () => void): () => void {
  const ms = moment ? moment.getTime() - Date.now() : Number.POSITIVE_INFINITY;
  if (ms > MAX_TIMER_MS) return () => undefined;
  const timer = setTimeout(end, ms);
  return () => clearTimeout(timer);
}

const expired = () =>
  new AppError('UNAUTHENTICATED', 'Your access token has expired; this was closed.', {
    hint: 'Refresh it (`refreshSession`), and go on from your last event with Last-Event-ID.',
  });

/** Comments keep the line open; a client that has stopped reading is cut, and its follower freed. */
function keepAlive(raw: Raw, intervalMs: number): () => void {
  let stalled = 0;
  let takenBefore = 0;
  const timer = setInterval(() => {
    const taken = (raw.socket?.bytesWritten ?? 0) - (raw.socket?.writableLength ?? 0); // bytes given to the kernel
    stalled = raw.writableNeedDrain && taken === takenBefore ? stalled + 1 : 0;
    takenBefore = taken;
    if (stalled >= STALLED_KEEPALIVES) raw.destroy();
    else if (isOpen(raw) && !raw.writableNeedDrain) raw.write(': keepalive\n\n');
  }, intervalMs);
  return () => clearInterval(timer);
}

/** Waits while the client's socket is full: a slow client holds back its own reader, not this process' memory. */
function write(raw: Raw, text: string): Promise<void> | void {
  if (!isOpen(raw) || raw.write(text)) return;
  return new Promise((resolve) => {
    const done = () => {
      raw.off('drain', done).off('close', done);
      resolve();
    };
    raw.once('drain', done).once('close', done);
  });
}

const isOpen = (raw: Raw): boolean => !raw.destroyed && !raw.writableEnded;

const frame = (event: RunEvent): string => `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

function cursorOf(text: string | string[] | undefined): number {
  if (text === undefined || text === '') return 0;
  return checkCursor(wholeNumber('after_id', String(text)));
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,12}$/.test(text)) {
    throw badInput(`\`${name}\` is not a whole number. Send the id of the last event you received, or nothing.`);
  }
  return Number(text);
}
