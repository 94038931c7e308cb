/**
 * Follows runs for everyone in this process (law 3). NOTIFY is a hint that shortens the wait; the table is the truth, and
 * one `run_heads` query a second for all watched runs finds whatever a hint was lost for. A subscriber is registered
 * before its first read, so nothing can fall between the history and the live end. Access is asked again while open.
 *
 * A subscription ends by itself only when all of an ended run was given. It fails with NOT_FOUND when the run is deleted
 * or hidden, with UNAUTHENTICATED or FORBIDDEN when the right is lost, with BAD_INPUT for a cursor ahead of the run. A
 * database that restarts meanwhile only delays it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Actor } from '../../platform/database/actor.js';
import type { Database } from '../../platform/database/database.js';
import { runSql } from '../../platform/database/sql.js';
import { badInput, notFound } from '../../platform/errors.js';
import { decodeId } from '../../platform/ids.js';
import { Listener } from '../../platform/notifications/listener.js';
import { isTransient } from '../../platform/transient.js';
import { RUN_CHANNEL } from '../run-channel.js';
import type { RunEvent } from '../run-event.js';
import { AccessWatch } from './access-watch.js';
import { type EventSlice, readEvents } from './read-events.js';
import { RING, RunTail } from './run-tail.js';
import { hasStopped, stoppable } from './stoppable.js';
import { TailReader } from './tail-reader.js';

const POLL_MS = 800; // 0.8 seconds: with the query and a busy machine, a gap left by a lost hint is filled within one
const BATCH = 250; // events; together with what the socket holds, all that one slow client can bind

export interface EventBatch {
  events: RunEvent[];
  cursor: number; // the last seq this batch covers
  caughtUp: boolean;
}

export interface FollowRequest {
  actor: Actor;
  runId: string; // uuid; the caller has made sure that this actor may see it
  after: number;
}

export class RunFeed {
  readonly #database: Database;
  readonly #listener: Listener;
  readonly #tails = new Map<string, { tail: RunTail; followers: number }>();
  readonly #reader: TailReader;
  readonly #access: AccessWatch;
  readonly #projects = new Map<string, Set<() => void>>();
  readonly #hinted = new Set<string>();
  #observeLag: (ms: number) => void = () => undefined;
  #mapping = false;
  #polling = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: { database: Database; listenUrl: string }) {
    this.#database = options.database;
    this.#reader = new TailReader(options.database, RING, (ms) => this.#observeLag(ms));
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

  /** Tells `observe` how old the newest event of each read of a live end is. */
  measureLag(observe: (ms: number) => void): void {
    this.#observeLag = observe;
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

  /** Calls `onChange` whenever the run has moved, for views that re-read what they show. Returns what ends it. */
  onRunChange(tenantId: string, runId: string, onChange: () => void): () => void {
    const tail = this.#acquire(tenantId, runId);
    const forget = tail.listen(onChange);
    void tail.wake();
    return () => {
      forget();
      this.#release(runId);
    };
  }

  /** The same for any run of a project; also once a poll, for what a hint was lost for. */
  onProjectChange(projectId: string, onChange: () => void): () => void {
    const watchers = this.#projects.get(projectId) ?? new Set();
    this.#projects.set(projectId, watchers.add(onChange));
    return () => {
      watchers.delete(onChange);
      if (watchers.size === 0) this.#projects.delete(projectId);
    };
  }

  /** The uuid of the run that has this public id, if the actor may see it; else NOT_FOUND, or what the right was lost for. */
  async requireRun(actor: Actor, publicId: string): Promise<string> {
    const runId = decodeId('run', publicId);
    await this.#access.require({ actor, runId });
    return runId;
  }

  /** Aborts `stop` with the reason when the actor may no longer see the run. */
  watchAccess(actor: Actor, runId: string | null, stop: AbortController): () => void {
    return this.#access.add({ actor, runId, stop });
  }

  async *#batches(request: FollowRequest, stop: AbortController): AsyncGenerator<EventBatch, void, void> {
    const { actor, runId, after } = request;
    const tail = this.#acquire(actor.tenantId, runId);
    const forget = this.watchAccess(actor, runId, stop);
    try {
      await tail.wake();
      let cursor = after;
      for (let first = true; !hasStopped(stop.signal); ) {
        if (tail.gone) throw notFound('Run');
        const slice = tail.after(cursor) ?? (await this.#readBehind(actor, runId, cursor, !first));
        if (hasStopped(stop.signal)) return; // before anything more is given
        if (!slice) {
          await delay(POLL_MS, undefined, { signal: stop.signal }).catch(() => undefined);
          continue;
        }
        if (first && cursor > slice.lastSeq) throw cursorAhead(cursor, slice.lastSeq);
        cursor = slice.events.at(-1)?.seq ?? cursor;
        const caughtUp = cursor >= slice.lastSeq;
        if (first || slice.events.length > 0) yield { events: slice.events, cursor, caughtUp };
        first = false;
        if (caughtUp && slice.terminal) return;
        if (caughtUp) await tail.changed(slice, stop.signal);
      }
    } finally {
      forget();
      this.#release(runId);
    }
  }

  /** For one that is behind the ring. Null when the database is away for the moment and the subscriber may wait for it. */
  async #readBehind(actor: Actor, runId: string, cursor: number, mayWait: boolean): Promise<EventSlice | null> {
    let slice: EventSlice | null;
    try {
      slice = await readEvents(this.#database.asActor(actor), runId, cursor, BATCH);
    } catch (error) {
      if (mayWait && isTransient(error)) return null;
      throw error;
    }
    if (!slice) throw notFound('Run');
    return slice;
  }

  #acquire(tenantId: string, runId: string): RunTail {
    const entry = this.#tails.get(runId) ?? {
      tail: new RunTail(runId, this.#reader.of(tenantId)),
      followers: 0,
    };
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
    if (this.#projects.size === 0) return;
    for (const id of ids) this.#hinted.add(id);
    void this.#tellProjectsOfHinted();
  }

  #wakeAll(): void {
    for (const { tail } of this.#tails.values()) void tail.wake();
    this.#tellAllProjects();
  }

  /** Once a second for all: whom did a hint get lost for? */
  async #poll(): Promise<void> {
    if (this.#polling) return;
    this.#polling = true;
    this.#tellAllProjects();
    const ids = [...this.#tails.keys()];
    try {
      const heads = new Map((await this.#readHeads(ids)).map((head) => [head.id, head]));
      for (const id of ids) {
        const head = heads.get(id);
        const tail = this.#tails.get(id)?.tail;
        if (!head) tail?.markGone();
        else if (tail?.isBehind({ lastSeq: head.last_seq, status: head.status })) void tail.wake();
      }
    } catch {
      return; // the next second asks again
    } finally {
      this.#polling = false;
    }
  }

  /** A hint names runs; which projects they are of is asked for all that came meanwhile together. */
  async #tellProjectsOfHinted(): Promise<void> {
    if (this.#mapping) return;
    this.#mapping = true;
    try {
      while (this.#hinted.size > 0) {
        const ids = [...this.#hinted];
        this.#hinted.clear();
        const projects = new Set((await this.#readHeads(ids)).map((head) => head.project_id));
        for (const id of projects) for (const onChange of this.#projects.get(id) ?? []) onChange();
      }
    } catch {
      return; // the next poll tells them
    } finally {
      this.#mapping = false;
    }
  }

  #tellAllProjects(): void {
    for (const watchers of this.#projects.values()) for (const onChange of watchers) onChange();
  }

  async #readHeads(ids: readonly string[]): Promise<RunHead[]> {
    if (ids.length === 0) return [];
    return runSql<RunHead>(this.#database.nobody, 'select id, project_id, last_seq, status from run_heads($1)', [ids]);
  }
}

interface RunHead {
  id: string;
  project_id: string;
  last_seq: number;
  status: string;
}

const cursorAhead = (cursor: number, lastSeq: number) =>
  badInput(
    `\`after\` is ${cursor}, but this run's timeline ends at ${lastSeq}. Send the cursor of a batch you received, or 0.`,
    {
      after: cursor,
      lastSeq,
    },
  );
