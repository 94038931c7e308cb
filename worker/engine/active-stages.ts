/**
 * The stages this process is executing, and the one way to stop them: an abort with its reason. Watches for cancels by
 * hint (NOTIFY) and, because hints can be lost, by one query a second for all of them together.
 */
import type { Database } from '../../src/platform/database/database.js';
import { runSql } from '../../src/platform/database/sql.js';
import type { StopReason } from './settle-failure.js';

const WATCH_MS = 1_000; // 1 second: with the hint lost, a cancel still reaches the stage within two

export class ActiveStages {
  readonly #controllers = new Map<string, AbortController>();
  readonly #database: Database;
  readonly #timer: NodeJS.Timeout;

  constructor(database: Database) {
    this.#database = database;
    this.#timer = setInterval(() => void this.checkCancels(this.runIds), WATCH_MS);
    this.#timer.unref();
  }

  add(runId: string): AbortController {
    const controller = new AbortController();
    this.#controllers.set(runId, controller);
    return controller;
  }

  remove(runId: string, controller: AbortController): void {
    if (this.#controllers.get(runId) === controller) this.#controllers.delete(runId);
  }

  /** Of `runIds`, stops those whose cancel was acknowledged. Never throws: the next tick asks again. */
  async checkCancels(runIds: readonly string[]): Promise<void> {
    const mine = runIds.filter((id) => this.#controllers.has(id));
    if (mine.length === 0) return;
    try {
      const rows = await runSql<{ id: string }>(
        this.#database.nobody,
        'select id from run_heads($1) where cancel_requested',
        [mine],
      );
      for (const { id } of rows) this.#controllers.get(id)?.abort('CANCELED' satisfies StopReason);
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
  }
}
