/**
 * What lanes of the same name have in common, in whatever process they are: a row in Postgres, judged by its clock. A worker
 * that dies on the way is forgotten when its lease lapses. Who cannot ask (the database is away) does not go.
 */
import { runSql, type SqlRunner } from '../../../src/platform/database/sql.js';
import { newId } from '../../../src/platform/ids.js';

/** One lane's part in it. */
export interface SharedLane {
  /** Null: the lane is ours, until `leave`. */
  enter(): Promise<ClosedLane | null>;
  /** Gives it back; nobody goes for so long. */
  leave(closedMs: number): Promise<void>;
  /** Nobody goes for so long, whoever has it. */
  close(closedMs: number): Promise<void>;
}

export type SharedLanes = (name: string) => SharedLane;

export interface ClosedLane {
  waitMs: number; // at least
  occupied: boolean; // somebody is under way: how long that takes is not known
}

const LEASE_MS = 15_000; // 15 seconds without a sign of life
const RENEW_MS = 5_000; // 5 seconds
const ENTER = 'select wait_ms, occupied from enter_lane($1, $2, $3)';
const CLOSE = 'select close_lane($1, $2, $3, $4)';

export const shareLanes =
  (sql: SqlRunner): SharedLanes =>
  (name) => {
    const me = newId();
    let renewal: NodeJS.Timeout | undefined;
    const enter = async (): Promise<ClosedLane | null> => {
      const [row] = await runSql<{ wait_ms: number; occupied: boolean }>(sql, ENTER, [name, me, LEASE_MS]);
      return row && row.wait_ms > 0 ? { waitMs: row.wait_ms, occupied: row.occupied } : null;
    };
    const close = async (closedMs: number, givesBack: boolean): Promise<void> => {
      await runSql(sql, CLOSE, [name, me, Math.ceil(closedMs), givesBack]);
    };
    return {
      async enter() {
        const closed = await enter();
        // a renewal that fails is followed by another before the lease lapses
        if (!closed) renewal = setInterval(() => void enter().catch(() => undefined), RENEW_MS).unref();
        return closed;
      },
      leave(closedMs) {
        clearInterval(renewal);
        return close(closedMs, true);
      },
      close: (closedMs) => close(closedMs, false),
    };
  };

/** Where there is one process only. */
export const unsharedLanes: SharedLanes = () => ({
  enter: async () => null,
  leave: async () => undefined,
  close: async () => undefined,
});
