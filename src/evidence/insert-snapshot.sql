-- Finds the snapshot with this text and provenance in the project, or stores it. Index: the unique one on
-- (tenant_id, project_id, sha256, original_sha256, extractor). Concurrent captures of one text end in one row: the loser
-- of the race inserts nothing and is called again by the caller, who then finds the winner's row.
with found as (
  select id, true as existed from snapshots
  where tenant_id = $2 and project_id = $3 and sha256 = $4
    and original_sha256 is not distinct from $5 and extractor = $6
), stored as (
  insert into snapshots (id, tenant_id, project_id, sha256, original_sha256, extractor, media_type, bytes, text, pages,
    headings, excluded, captured_at)
  select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
  where not exists (select 1 from found)
  on conflict do nothing
  returning id, false as existed
)
select id, existed from found union all select id, existed from stored
