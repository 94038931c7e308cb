/**
 * Follows runs for everyone in this process (law 3). NOTIFY is a hint that shortens the wait; the table is the truth, and
 * one `run_heads` query a second for all watched runs finds whatever a hint was lost for. A subscriber is registered
 * before its first read, so nothing can fall between the history and the live end. Access is asked again while open.
 */
import type { Actor } from '../platform/database/actor.js';
import type { Database } from '../platform/database/database.js';
import { runSql } from '../platform/database/sql.js';
import { badInput, notFound } from '../platform/errors.js';
import { Listener } from '../platform/notifications/listener.js';
import { AccessWatch } from './access-watch.js';
import { readEvents } from './read-events.js';
import type { RunEvent } from './run-event.js';
import { RUN_CHANNEL } from './run-channel.js';
import { RunTail } from './run-tail.js';
import { stoppable } from './stoppable.js';

const POLL_MS = 1_000; // 1 second: a gap left by a lost hint is filled within it
const CATCH_UP = 500; // events a batch

export interface EventBatch {
  events: RunEvent[];
  cursor: number; // the last seq this batch covers
  caughtUp: boolean;
}

export interface FollowRequest {
  actor: Actor;
  runId: string; // uuid; the caller has loaded the run as this actor
  after: number;
}

export class RunFeed {
  readonly #database: Database;
  readonly #listener: Listener;
  readonly #tails = new Map<string, { tail: RunTail; followers: number }>();
  readonly #access: AccessWatch;
  readonly #anyChange = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: { database: Database; listenUrl: string }) {
    this.#database = options.database;
    this.#access = new AccessWatch(options.database);
    this.#listener = new Listener({
      url: options.listenUrl,
      channel: RUN_CHANNEL,
      onIds: (ids) => this.#hint(ids),
      onReconnect: () => this.#wakeAll(),
    });
  }

  async start(): Promise<void> {
    await this.#listener.start();
    this.#timer = setInterval(() => void this.#poll(), POLL_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#access.close();
    await this.#listener.stop();
  }

  /** How many subscribers follow a run now. */
  get followers(): number {
    return [...this.#tails.values()].reduce((sum, entry) => sum + entry.followers, 0);
  }

  get listenerPid(): number | undefined {
    return this.#listener.backendPid;
  }

  /**
   * Everything after `after`, oldest first, then live; ends when the run is terminal and all of it was given. The first
   * batch comes at once, even if empty.
   */
  follow(request: FollowRequest): AsyncGenerator<EventBatch, void, void> {
    const stop = new AbortController();
    return stoppable(this.#batches(request, stop), stop);
  }

  /** Calls `onChange` whenever any run may have changed: for views over many runs, which re-read what they show. */
  onAnyChange(onChange: () => void): () => void {
    this.#anyChange.add(onChange);
    return () => this.#anyChange.delete(onChange);
  }

  /** Aborts `stop` with the reason when the actor may no longer see the run. */
  watchAccess(actor: Actor, runId: string | null, stop: AbortController): () => void {
    return this.#access.add({ actor, runId, stop });
  }

  async *#batches({ actor, runId, after }: FollowRequest, stop: AbortController): AsyncGenerator<EventBatch, void, void> {
    const tail = this.#acquire(actor.tenantId, runId);
    const forget = this.watchAccess(actor, runId, stop);
    try {
      await tail.wake();
      let cursor = after;
      for (let first = true; ; first = false) {
        if (stop.signal.aborted) return throwReason(stop.signal);
        const slice = tail.after(cursor) ?? (await readEvents(this.#database.asActor(actor), runId, cursor, CATCH_UP));
        if (!slice) throw notFound('Run');
        if (first && cursor > slice.lastSeq) throw cursorAhead(cursor, slice.lastSeq);
        cursor = slice.events.at(-1)?.seq ?? cursor;
        const caughtUp = cursor >= slice.lastSeq;
        if (first || slice.events.length > 0) yield { events: slice.events, cursor, caughtUp };
        if (caughtUp && slice.terminal) return;
        if (caughtUp) await tail.changed(slice, stop.signal);
        if (tail.gone) return;
      }
    } finally {
      forget();
      this.#release(runId);
    }
  }

  #acquire(tenantId: string, runId: string): RunTail {
    const entry = this.#tails.get(runId) ?? { tail: new RunTail(runId, () => this.#database.asTenant(tenantId)), followers: 0 };
    entry.followers += 1;
    this.#tails.set(runId, entry);
    return entry.tail;
  }

  #release(runId: string): void {
    const entry = this.#tails.get(runId);
    if (entry && --entry.followers === 0) this.#tails.delete(runId);
  }

  #hint(ids: readonly string[]): void {
    for (const id of ids) void this.#tails.get(id)?.tail.wake();
    for (const onChange of this.#anyChange) onChange();
  }

  #wakeAll(): void {
    for (const { tail } of this.#tails.values()) void tail.wake();
    for (const onChange of this.#anyChange) onChange();
  }

  async #poll(): Promise<void> {
    for (const onChange of this.#anyChange) onChange();
    const ids = [...this.#tails.keys()];
    if (ids.length === 0) return;
    try {
      const heads = await runSql<{ id: string; last_seq: number; status: string }>(
        this.#database.asNobody(),
        'select id, last_seq, status from run_heads($1)',
        [ids],
      );
      const byId = new Map(heads.map((head) => [head.id, { lastSeq: head.last_seq, status: head.status }]));
      for (const id of ids) {
        const head = byId.get(id);
        const tail = this.#tails.get(id)?.tail;
        if (!head) tail?.markGone();
        else if (tail?.isBehind(head)) void tail.wake();
      }
    } catch {
      return; // the next second asks again
    }
  }
}

function throwReason(signal: AbortSignal): void {
  if (signal.reason instanceof Error && signal.reason.name === 'AppError') throw signal.reason;
}

const cursorAhead = (cursor: number, lastSeq: number) =>
  badInput(`\`after\` is ${cursor}, but this run's timeline ends at ${lastSeq}. Send the cursor of a batch you received, or 0.`, {
    after: cursor,
    lastSeq,
  });
