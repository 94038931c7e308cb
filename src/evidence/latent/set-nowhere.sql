-- Snippets that are not set into the space of a project stand nowhere in it: the empty vector. $1 tenant, $2 project, $3
-- made_at of the space, $4 uuid[] of sources. Locks as set-vectors.sql does. Indexes: the primary key of latent_spaces;
-- (tenant_id, source_id, ordinal) of snippets.
with space as materialized (
  select project_id from latent_spaces where project_id = $2 and made_at = $3::timestamptz for key share
), wrote as (
  insert into snippet_vectors (tenant_id, project_id, source_id, ordinal, embedding)
  select $1, space.project_id, n.source_id, n.ordinal, '{}'
  from space cross join snippets n where n.source_id = any ($4::uuid[])
  on conflict do nothing
)
select exists (select 1 from space) as is_current
