-- Vectors of snippets that follow on each other in their sources. $1 tenant, $2 project, $3 space, $4 uuid[] of sources, $5
-- integer[] of ordinals, $6 text[] of real[] literals, $7 text[] of bit strings. A source says that it is embedded as far as
-- its vectors go without a gap. Indexes: the primary keys of both tables.
with given as materialized (
  select source_id, ordinal, embedding::real[] as embedding, signs::bit varying as signs
  from unnest($4::uuid[], $5::integer[], $6::text[], $7::text[]) as g (source_id, ordinal, embedding, signs)
), stored as (
  insert into snippet_embeddings (tenant_id, project_id, source_id, ordinal, space, dimensions, embedding, signs)
  select $1, $2, source_id, ordinal, $3, cardinality(embedding), embedding, signs from given
  on conflict (tenant_id, source_id, ordinal) do update
  set space = excluded.space, dimensions = excluded.dimensions, embedding = excluded.embedding, signs = excluded.signs
)
insert into embedded_sources (tenant_id, project_id, source_id, space, snippets)
select $1, $2, source_id, $3, max(ordinal) + 1 from given group by source_id
having min(ordinal) <= coalesce(
  (select e.snippets from embedded_sources e where e.source_id = given.source_id and e.space = $3), 0)
on conflict (tenant_id, source_id) do update
set snippets = case when embedded_sources.space = excluded.space
                 then greatest(embedded_sources.snippets, excluded.snippets) else excluded.snippets end,
    space = excluded.space
