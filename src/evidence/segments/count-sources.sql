-- How many sources of a project hold each term, in their titles or snippets. $1 project, $2 terms, $3 uuid[] of the sources
-- that are in no segment. Indexes: the primary keys of segment_lists and postings.
select q.term, (segmented.sources + tail.sources)::integer as sources
from unnest($2::text[]) as q (term) cross join lateral (
  select coalesce(sum(coalesce(sources, snippets)), 0) as sources
  from segment_lists where project_id = $1 and term = q.term
) segmented cross join lateral (
  select count(*) as sources
  from unnest($3::uuid[]) as t (source_id) cross join lateral (
    select 1 from postings where project_id = $1 and term = q.term and source_id = t.source_id offset 0
  ) p
) tail
