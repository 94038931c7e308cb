/** The row of a paper on its way from bytes to a source. All join the caller's transaction. */
import type { Em } from '../../../src/platform/database/database.js';
import { runSql } from '../../../src/platform/database/sql.js';
import { newId } from '../../../src/platform/ids.js';
import type { MergedFacts } from './merge-facts.js';

export interface ProjectPlace {
  tenantId: string;
  projectId: string;
}

/** The same bytes in a project are the same paper; one whose reading failed gets another chance. */
export async function upsertPaper(
  em: Em,
  place: ProjectPlace,
  content: { sha256: string; mediaType: string },
): Promise<{ id: string; isNew: boolean; sourceId: string | null }> {
  const id = newId();
  const [row] = await runSql<{ id: string; source_id: string | null }>(
    em,
    `insert into papers (id, tenant_id, project_id, status, media_type, content_sha256, created_at)
     values ($1, $2, $3, 'PENDING', $4, $5, now())
     on conflict (tenant_id, project_id, content_sha256)
       do update set status = case when papers.status = 'FAILED' then 'PENDING' else papers.status end
     returning id, source_id`,
    [id, place.tenantId, place.projectId, content.mediaType, content.sha256],
  );
  return { id: row?.id ?? id, isNew: row?.id === id, sourceId: row?.source_id ?? null };
}

export async function storeKnownFacts(
  em: Em,
  paperId: string,
  facts: MergedFacts & { pageCount: number | null; mediaType: string },
): Promise<void> {
  await runSql(
    em,
    `update papers set title = $2, authors = $3, year = $4, doi = $5, arxiv_id = $6, page_count = $7, media_type = $8
     where id = $1`,
    [paperId, facts.title, facts.authors, facts.year, facts.doi, facts.arxivId, facts.pageCount, facts.mediaType],
  );
}

export async function makeReady(
  em: Em,
  paperId: string,
  { sourceId, snapshotId }: { sourceId: string; snapshotId: string },
): Promise<void> {
  await runSql(em, `update papers set status = 'READY', source_id = $2, snapshot_id = $3 where id = $1`, [
    paperId,
    sourceId,
    snapshotId,
  ]);
}
