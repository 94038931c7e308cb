-- Gives the name its next version and inserts the artifact, in one statement. The counter's row is locked until the
-- transaction ends: versions are dense and in order of commit, and a rolled-back one is given out again.
--   $1 id  $2 tenant_id  $3 project_id  $4 run_id  $5 name  $6 kind  $7 media_type  $8 bytes  $9 sha256
-- Indexes: artifact_names_pkey.
with next as (
  insert into artifact_names as n (tenant_id, project_id, name, last_version) values ($2, $3, $5, 1)
  on conflict (tenant_id, project_id, name) do update set last_version = n.last_version + 1
  returning last_version
)
insert into artifacts (id, tenant_id, project_id, run_id, name, kind, version, media_type, bytes, sha256)
select $1, $2, $3, $4, $5, $6, next.last_version, $7, $8, $9 from next
