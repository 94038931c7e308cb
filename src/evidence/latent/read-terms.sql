-- The postings of sources, for their snippets' vectors. $1 project, $2 uuid[] of sources or null for all, $3 how many
-- snippets at most: of a larger library whole sources are drawn, in an order that is as good as random and always the same.
-- Indexes: sources_lengths; postings_source.
with drawn as materialized (
  select id, snippet_count from (
    select id, snippet_count, sum(snippet_count) over (order by md5(id::text), id) as reached
    from sources where project_id = $1 and ($2::uuid[] is null or id = any ($2::uuid[]))
  ) s
  where reached - snippet_count < $3::integer
)
select p.source_id, p.term, p.title_tf, p.ordinals, p.tfs, drawn.snippet_count
from drawn cross join lateral (
  select source_id, term, title_tf, ordinals, tfs from postings where source_id = drawn.id offset 0
) p
order by p.source_id, p.term
