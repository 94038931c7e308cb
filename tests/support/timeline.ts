/** A run whose timeline the test writes itself, and what its followers saw of it: judged against the table. */
import type { Actor } from '../../src/platform/database/actor.js';
import type { Em } from '../../src/platform/database/database.js';
import { encodeId } from '../../src/platform/ids.js';
import { createNotifier, type Notifier } from '../../src/platform/notifications/notifier.js';
import { appendEvents } from '../../src/runs/append-events.js';
import type { EventBatch } from '../../src/runs/following/run-feed.js';
import { RUN_CHANNEL } from '../../src/runs/run-channel.js';
import type { RunEventDraft } from '../../src/runs/run-event.js';
import type { RunStatus } from '../../src/runs/run-status.js';
import { transitionRun } from '../../src/runs/transition-run.js';
import type { TestDatabase } from './database.js';
import { seedRun } from './seed-run.js';

export interface Timeline {
  runId: string; // uuid
  publicId: string;
  /** Appends in one transaction, and tells whoever listens once it has committed. */
  append(count: number, message?: (i: number) => string): Promise<void>;
  move(to: RunStatus): Promise<void>;
  /** Takes the run away, as deleteRun and deleteProject do. */
  remove(): Promise<void>;
  /** `seq message` of every event in the table. */
  table(): Promise<string[]>;
}

/** A RUNNING run of `actor`'s project. With `notifier: silentNotifier` nobody is told of what is written. */
export async function openTimeline(
  db: TestDatabase,
  actor: Actor,
  projectId: string,
  notifier: Notifier = createNotifier(db.database, RUN_CHANNEL, () => undefined),
): Promise<Timeline> {
  const runId = await seedRun(db, { tenantId: actor.tenantId, userId: actor.userId, projectId });
  const write = async (work: (em: Em) => Promise<unknown>) => {
    await db.database.asTenant(actor.tenantId).transactional((em) => work(em as Em));
    notifier.touch(runId);
  };
  return {
    runId,
    publicId: encodeId('run', runId),
    append: (count, message) => write((em) => appendEvents(em, runId, lines(count, message), null)),
    move: (to) => write((em) => transitionRun(em, runId, { to, ...(to === 'QUEUED' && { patch: { retry: true } }) })),
    async remove() {
      await db.admin.query('delete from runs where id = $1', [runId]);
      notifier.touch(runId);
    },
    async table() {
      const { rows } = await db.admin.query('select seq, message from run_events where run_id = $1 order by seq', [
        runId,
      ]);
      return rows.map(sight);
    },
  };
}

export const lines = (count: number, message = (i: number) => `line ${i}`): RunEventDraft[] =>
  Array.from({ length: count }, (_, i) => ({ type: 'LOG_LINE', message: message(i + 1), payload: {} }));

export const sight = ({ seq, message }: { seq: number; message: string }): string => `${seq} ${message}`;

/** Reads until the subscription completes, or until `enough` says so of all that was seen; then it is ended. */
export async function collect(
  batches: AsyncGenerator<EventBatch, void, void>,
  enough: (seen: string[]) => boolean = () => false,
): Promise<string[]> {
  const seen: string[] = [];
  for await (const batch of batches) {
    seen.push(...batch.events.map(sight));
    if (enough(seen)) break;
  }
  return seen;
}
