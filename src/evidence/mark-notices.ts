/** Keeps with a source what services say against the work: corrections, concerns, retractions. */
import type { Em } from '../platform/database/database.js';
import { runSql } from '../platform/database/sql.js';
import type { SourceNotice } from './source.entity.js';

/**
 * Adds what is new; nothing known is ever taken back, because a service that is silent proves nothing. Joins the caller's
 * transaction.
 */
export async function markNotices(
  em: Em,
  sourceId: string,
  { retracted, notices }: { retracted: boolean; notices: readonly SourceNotice[] },
): Promise<void> {
  if (!retracted && notices.length === 0) return;
  await runSql(
    em,
    `update sources set retracted = retracted or $2, notices = notices || (
       select coalesce(jsonb_agg(notice), '[]') from jsonb_array_elements($3::jsonb) as new (notice)
       where not notices @> jsonb_build_array(notice))
     where id = $1`,
    [sourceId, retracted, JSON.stringify(notices)],
  );
}
