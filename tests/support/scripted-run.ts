/** A run whose timeline the test itself writes, as a worker would: for tests of what clients receive. */
import type { Paperwright } from '../../sdk/client.js';
import { decodeId, encodeId } from '../../src/platform/ids.js';
import { createNotifier } from '../../src/platform/notifications/notifier.js';
import { appendEvents } from '../../src/runs/append-events.js';
import { RUN_CHANNEL } from '../../src/runs/run-channel.js';
import { transitionRun } from '../../src/runs/transition-run.js';
import type { TestDatabase } from './database.js';
import { seedRun } from './seed-run.js';

export interface ScriptedRun {
  /** As clients name it. */
  id: string;
  /** Appends events in one transaction, then tells whoever listens. */
  append(count: number): Promise<void>;
  /** Ends the run as SUCCEEDED. */
  finish(): Promise<void>;
  /** The timeline as it stands in the table. */
  table(): Promise<{ seq: number; type: string; message: string }[]>;
}

/** Of the person who is signed in with `paperwright`. */
export async function scriptRun(db: TestDatabase, paperwright: Paperwright): Promise<ScriptedRun> {
  const { viewer } = await paperwright.viewer();
  const { createProject: project } = await paperwright.createProject({ input: { name: 'Scripted' } });
  const tenantId = decodeId('ten', viewer.tenant.id);
  const runId = await seedRun(db, {
    tenantId,
    userId: decodeId('user', viewer.user.id),
    projectId: decodeId('proj', project.id),
  });
  const em = db.database.asTenant(tenantId);
  const notifier = createNotifier(db.database, RUN_CHANNEL, () => undefined);
  let written = 0;
  return {
    id: encodeId('run', runId),
    async append(count) {
      const events = Array.from({ length: count }, () => {
        written += 1;
        const payload = { done: written, total: null, unit: 'lines' };
        return { type: 'STAGE_PROGRESSED' as const, message: `line ${written} · ünïcode 🙂`, payload };
      });
      await em.transactional((transaction) => appendEvents(transaction, runId, events, null));
      notifier.touch(runId);
    },
    async finish() {
      await em.transactional((transaction) => transitionRun(transaction, runId, { to: 'SUCCEEDED' }));
      notifier.touch(runId);
    },
    async table() {
      const { rows } = await db.admin.query(
        'select seq, type, message from run_events where run_id = $1 order by seq',
        [runId],
      );
      return rows as { seq: number; type: string; message: string }[];
    },
  };
}
