-- Sets snippets into the space of a project, if it is still the one that was read. $1 tenant, $2 project, $3 made_at of the
-- space, $4 uuid[] of sources, $5 integer[] of ordinals, $6 text[] of real[] literals. The lock on the space's row makes
-- whoever replaces the space wait for this statement, and this one see that it was replaced: what is written is deleted
-- with its space or belongs to the new one, never left over. Index: the primary key of latent_spaces.
with space as materialized (
  select project_id from latent_spaces where project_id = $2 and made_at = $3::timestamptz for key share
), wrote as (
  insert into snippet_vectors (tenant_id, project_id, source_id, ordinal, embedding)
  select $1, space.project_id, e.source_id, e.ordinal, e.embedding::real[]
  from space cross join unnest($4::uuid[], $5::integer[], $6::text[]) e (source_id, ordinal, embedding)
  on conflict do nothing
)
select exists (select 1 from space) as is_current
