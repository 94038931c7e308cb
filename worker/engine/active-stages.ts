/**
 * The stages this process is executing, and the one way to stop them: an abort with its reason. Watches for cancels and
 * for runs that another worker has taken over, by hint (NOTIFY) and, because hints can be lost, by one query a second for
 * all of them together.
 */
import type { Database } from '../../src/platform/database/database.js';
import { runSql } from '../../src/platform/database/sql.js';
import type { StopReason } from './settle-failure.js';

const HINT_MS = 100; // 0.1 seconds: every flush of a stage here is a hint too, and must not cost a query each
const WATCH_MS = 1_000; // 1 second: with the hint lost, a cancel still reaches the stage within two

export class ActiveStages {
  readonly #controllers = new Map<string, AbortController>();
  readonly #database: Database;
  readonly #workerId: string;
  readonly #timer: NodeJS.Timeout;
  readonly #hinted = new Set<string>();
  #hintTimer: NodeJS.Timeout | undefined;

  constructor(database: Database, workerId: string) {
    this.#database = database;
    this.#workerId = workerId;
    this.#timer = setInterval(() => void this.stopOverruled(this.runIds), WATCH_MS);
    this.#timer.unref();
  }

  add(runId: string): AbortController {
    const controller = new AbortController();
    // this worker lost the run, and now holds it anew: the stage of its first claim is nobody's
    this.#controllers.get(runId)?.abort('OVERTAKEN' satisfies StopReason);
    this.#controllers.set(runId, controller);
    return controller;
  }

  remove(runId: string, controller: AbortController): void {
    if (this.#controllers.get(runId) === controller) this.#controllers.delete(runId);
  }

  /** Something has changed about these runs; those of them that are executed here are asked about soon, together. */
  hint(runIds: readonly string[]): void {
    for (const id of runIds) if (this.#controllers.has(id)) this.#hinted.add(id);
    if (this.#hinted.size === 0) return;
    this.#hintTimer ??= setTimeout(() => {
      this.#hintTimer = undefined;
      const ids = [...this.#hinted];
      this.#hinted.clear();
      void this.stopOverruled(ids);
    }, HINT_MS);
  }

  /** Of `runIds`, stops those whose cancel was acknowledged or that others hold. Never throws: the next tick asks again. */
  async stopOverruled(runIds: readonly string[]): Promise<void> {
    // as they are now: by the time of the answer this worker may be in the next stage of the same run
    const asked = new Map([...this.#controllers].filter(([id]) => runIds.includes(id)));
    if (asked.size === 0) return;
    try {
      const rows = await runSql<{ id: string; canceled: boolean }>(
        this.#database.nobody,
        'select id, canceled from stages_to_stop($1, $2)',
        [this.#workerId, [...asked.keys()]],
      );
      for (const { id, canceled } of rows) {
        asked.get(id)?.abort((canceled ? 'CANCELED' : 'OVERTAKEN') satisfies StopReason);
      }
    } catch {
      return;
    }
  }

  get runIds(): string[] {
    return [...this.#controllers.keys()];
  }

  abortAll(reason: StopReason): void {
    for (const controller of this.#controllers.values()) controller.abort(reason);
  }

  get count(): number {
    return this.#controllers.size;
  }

  close(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#hintTimer);
  }
}
