-- How many snippets of all segments of a project hold each term. $1 project, $2 terms. Index: the primary key of
-- segment_lists; the lists themselves stand elsewhere and are not read.
select q.term, coalesce(l.snippets, 0)::integer as snippets
from unnest($2::text[]) as q (term) cross join lateral (
  select sum(snippets) as snippets from segment_lists where project_id = $1 and term = q.term
) l
