/**
 * `GET /runs/:id/events`: the timeline for clients without WebSockets, from the same feed as the subscription.
 *
 *   Accept: text/event-stream   Server-Sent Events (https://html.spec.whatwg.org/multipage/server-sent-events.html): `id` is
 *                               the seq, so a browser that reconnects sends Last-Event-ID and misses nothing; a comment
 *                               keeps the line open; `event: end` says that nothing more will come
 *   anything else               one JSON batch: {events, cursor, caughtUp}, from `?after_id=`, at most `?first=`
 *
 * Authorised like any operation: the credential in the Authorization header, the run as its bearer may see it.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../platform/database/actor.js';
import type { Database } from '../platform/database/database.js';
import { badInput, isAppError } from '../platform/errors.js';
import { loadRun } from './load-run.js';
import { checkCursor, readTimeline } from './read-timeline.js';
import type { RunEvent } from './run-event.js';
import type { RunFeed } from './run-feed.js';

const KEEPALIVE_MS = 15_000; // 15 seconds: below the idle time-outs of common proxies (60 s)

export interface EventsRouteOptions {
  database: Database;
  feed: RunFeed;
  /** Answers who asks; throws UNAUTHENTICATED. */
  identify: (request: FastifyRequest) => Promise<Actor>;
  /** Answers an error in the API's form. */
  sendError: (reply: FastifyReply, error: unknown) => FastifyReply;
}

interface EventsRequest {
  Params: { id: string };
  Querystring: { after_id?: string; first?: string };
}

export function registerEventsRoute(app: FastifyInstance, options: EventsRouteOptions): void {
  app.get<EventsRequest>('/runs/:id/events', async (request, reply) => {
    try {
      const actor = await options.identify(request);
      const run = await loadRun(options.database.asActor(actor), request.params.id);
      const after = cursorOf(request.headers['last-event-id'] ?? request.query.after_id);
      if (!/text\/event-stream/i.test(request.headers.accept ?? '')) {
        const first = request.query.first === undefined ? null : wholeNumber('first', request.query.first);
        return await readTimeline(options.database.asActor(actor), run.id, { after, first });
      }
      await stream(reply, options, { actor, runId: run.id, after });
      return reply;
    } catch (error) {
      return options.sendError(reply, error);
    }
  });
}

async function stream(
  reply: FastifyReply,
  { feed }: EventsRouteOptions,
  request: { actor: Actor; runId: string; after: number },
): Promise<void> {
  const batches = feed.follow(request);
  const first = await batches.next(); // a refused cursor is still an ordinary error answer
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    ...reply.getHeaders(),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no', // nginx would hold the stream back
    connection: 'keep-alive',
  } as Record<string, string>);
  const keepalive = setInterval(() => raw.write(': keepalive\n\n'), KEEPALIVE_MS);
  raw.on('close', () => void batches.return());
  try {
    for (let batch = first; !batch.done; batch = await batches.next()) {
      for (const event of batch.value.events) await write(raw, frame(event));
    }
    raw.end(`event: end\ndata: {}\n\n`);
  } catch (error) {
    raw.end(`event: error\ndata: ${JSON.stringify(isAppError(error) ? { code: error.code, message: error.message } : { code: 'INTERNAL' })}\n\n`);
  } finally {
    clearInterval(keepalive);
  }
}

/** Waits while the client's socket is full: a slow client holds back its own reader, not this process' memory. */
function write(raw: FastifyReply['raw'], text: string): Promise<void> | void {
  if (raw.destroyed || raw.write(text)) return;
  return new Promise((resolve) => {
    raw.once('drain', resolve);
    raw.once('close', resolve);
  });
}

const frame = (event: RunEvent): string => `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

function cursorOf(text: string | string[] | undefined): number {
  if (text === undefined || text === '') return 0;
  return checkCursor(wholeNumber('after_id', String(text)));
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,12}$/.test(text)) throw badInput(`\`${name}\` is not a whole number. Send the id of the last event you received, or nothing.`);
  return Number(text);
}
