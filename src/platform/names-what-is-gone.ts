/**
 * A row was to be written that refers to one which had been there when the request looked, and was deleted before the
 * write: a run in a project that goes, a copy of a run that goes. The foreign key waits for the deletion and then refuses,
 * and the transaction is rolled back as a whole. The other half of SQLSTATE 23503, a deletion of what is still referred
 * to, is a fault of ours: deletions cascade.
 */
import { causesOf } from './causes.js';

const FOREIGN_KEY_VIOLATION = '23503'; // https://www.postgresql.org/docs/17/errcodes-appendix.html

export function namesWhatIsGone(error: unknown): boolean {
  for (const at of causesOf(error)) {
    const { code, detail } = at as { code?: unknown; detail?: unknown };
    if (code === FOREIGN_KEY_VIOLATION) return !/still referenced/.test(String(detail ?? at.message));
  }
  return false;
}
